using System.Collections.Concurrent;

namespace Berth.Uploads;

/// <summary>Lets one request at a time write to an upload. A second one is told so at once: it could only corrupt the order.</summary>
internal sealed class UploadLocks
{
    private readonly ConcurrentDictionary<UploadId, UploadLocks> _held = new();

    /// <exception cref="OciException">BLOB_UPLOAD_INVALID (409): another request holds it.</exception>
    public Hold Take(UploadId id) =>
        _held.TryAdd(id, this) ? new Hold(this, id) : throw new OciException(OciError.UploadBusy());

    public readonly struct Hold(UploadLocks owner, UploadId id) : IDisposable
    {
        public void Dispose() => owner._held.TryRemove(id, out _);
    }
}
