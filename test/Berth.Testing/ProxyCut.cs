namespace Berth.Testing;

/// <summary>Where a connection ends, or falls silent.</summary>
public enum ProxyCut
{
    /// <summary>The server never sees the request.</summary>
    BeforeTheRequest,

    /// <summary>The server has done it, and the client never learns that.</summary>
    BeforeTheAnswer,

    /// <summary>After the head and half of the body.</summary>
    InTheAnswer,

    /// <summary>Not at all: the server has done it, and its answer does not come.</summary>
    SilentInsteadOfTheAnswer,

    /// <summary>Not at all: the head and half of the body come, and no more.</summary>
    SilentInTheAnswer,
}
