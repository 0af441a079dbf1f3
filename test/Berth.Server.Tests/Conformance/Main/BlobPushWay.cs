namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The ways to push a blob.</summary>
public enum BlobPushWay
{
    /// <summary>One POST with the digest and the bytes.</summary>
    PostOnly,

    /// <summary>POST, then PUT with the bytes.</summary>
    PostPut,

    /// <summary>POST, one PATCH without a length or a range, then an empty PUT.</summary>
    Stream,

    /// <summary>POST, PATCH for each chunk, then an empty PUT.</summary>
    Chunked,

    /// <summary>As <see cref="Chunked"/>, with the last chunk in the PUT.</summary>
    ChunkedWithPut,

    /// <summary>As <see cref="Chunked"/>, with a chunk that belongs elsewhere before each right one.</summary>
    OutOfOrder,

    /// <summary>As <see cref="OutOfOrder"/>, with the last chunk in the PUT, also a wrong one.</summary>
    OutOfOrderWithPut,
}
