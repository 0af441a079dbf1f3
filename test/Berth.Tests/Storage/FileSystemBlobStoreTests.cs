using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Testing;
using Berth.Testing.Storage;

namespace Berth.Tests.Storage;

public sealed class FileSystemBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly DataFolder _folder;

    public FileSystemBlobStoreTests()
    {
        _folder = DataFolder.Open(_temporary["data"], allowRemoteFileSystem: false, TimeProvider.System);
        Store = new FileSystemBlobStore(_folder);
    }

    protected override IBlobStore Store { get; }

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }
}
