using System.Collections.Concurrent;

namespace Berth.Uploads;

/// <summary>Lets one request at a time write to an upload. A second one is told so at once: it could only corrupt the order.</summary>
internal sealed class UploadLocks
{
    private readonly ConcurrentDictionary<UploadId, UploadLocks> _held = new();

    /// <exception cref="OciException">BLOB_UPLOAD_INVALID (409): another request holds it.</exception>
    public Hold Take(UploadId id) => TryTake(id, out var hold) ? hold : throw new OciException(OciError.UploadBusy());

    public bool TryTake(UploadId id, out Hold hold)
    {
        hold = new Hold(this, id);
        return _held.TryAdd(id, this);
    }

    public readonly struct Hold(UploadLocks owner, UploadId id) : IDisposable
    {
        public void Dispose() => owner._held.TryRemove(id, out _);
    }
}
