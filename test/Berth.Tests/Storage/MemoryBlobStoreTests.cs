using Berth.Storage;
using Berth.Storage.Memory;
using Berth.Testing.Storage;

namespace Berth.Tests.Storage;

public sealed class MemoryBlobStoreTests : BlobStoreContract
{
    protected override IBlobStore Store { get; } = new MemoryBlobStore();
}
