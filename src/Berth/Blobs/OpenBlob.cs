using Berth.Storage;

namespace Berth.Blobs;

/// <summary>A blob whose object is open and has the size the database says. Dispose it.</summary>
public sealed record OpenBlob(BlobRow Row, IBlobContent Content) : IDisposable
{
    public void Dispose() => Content.Dispose();
}
