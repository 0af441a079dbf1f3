using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Storage.FileSystem.Portable;
using Berth.Testing;
using Berth.Testing.Storage;

namespace Berth.Tests.Storage;

/// <summary>The file store over the calls that it makes on Windows and macOS.</summary>
public sealed class PortableBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;

    public PortableBlobStoreTests()
    {
        _folder = DataFolder.Open(_temporary["data"], new PortableFileCalls(_temporary["data"]), TimeProvider.System);
        Store = new FileSystemBlobStore(_folder);
    }

    protected override IBlobStore Store { get; }

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }
}
