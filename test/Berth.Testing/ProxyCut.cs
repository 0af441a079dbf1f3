namespace Berth.Testing;

/// <summary>Where a connection ends.</summary>
public enum ProxyCut
{
    /// <summary>The server never sees the request.</summary>
    BeforeTheRequest,

    /// <summary>The server has done it, and the client never learns that.</summary>
    BeforeTheAnswer,

    /// <summary>After the head and half of the body.</summary>
    InTheAnswer,
}
