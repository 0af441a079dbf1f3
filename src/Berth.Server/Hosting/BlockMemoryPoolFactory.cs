using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Berth.Server.Hosting;

/// <summary>Makes Kestrel use <see cref="BlockMemoryPool"/>: one pool for all its queues.</summary>
internal sealed class BlockMemoryPoolFactory : IMemoryPoolFactory<byte>, IDisposable
{
    private readonly BlockMemoryPool _pool = new();

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => _pool;

    public void Dispose() => _pool.Dispose();
}
