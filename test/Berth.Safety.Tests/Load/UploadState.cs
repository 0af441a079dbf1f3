namespace Berth.Safety.Tests.Load;

public enum UploadState
{
    /// <summary>It must be there with at least the bytes that were acknowledged.</summary>
    Open,

    /// <summary>The closing request broke off: either the session is there, or the blob was.</summary>
    Ending,

    /// <summary>The server reported a fault of its own, or was asked to end it: it may be gone.</summary>
    Doubtful,

    Over,
}
