namespace Berth.Bench.Registry;

/// <summary>How a blob goes to the registry. All begin with a POST.</summary>
internal enum UploadForm
{
    /// <summary>One PUT with the content.</summary>
    Monolithic,

    /// <summary>One PATCH with the content and its Content-Length, and an empty PUT.</summary>
    Streamed,

    /// <summary>One PATCH in chunked transfer encoding, as docker sends it, and an empty PUT.</summary>
    Encoded,

    /// <summary>Many PATCHes with a Content-Range each, and an empty PUT.</summary>
    Chunked,
}
