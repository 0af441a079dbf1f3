using Berth.Oci;
using Berth.Storage;

namespace Berth.Testing.Storage;

/// <summary>What the engine does with a store, in one call each.</summary>
public static class StoreCalls
{
    private const int Block = 128 * 1024;

    public static BlobKey NewKey() => BlobKey.Create(TimeProvider.System);

    public static Digest DigestOf(byte[] content) => Digest.Of(content, DigestAlgorithm.Sha256);

    /// <summary>A request with a chunk.</summary>
    /// <returns>The notes; null when there is nothing to go on from.</returns>
    public static async Task<string?> AppendAsync(
        this IBlobStore store, BlobKey key, long offset, string? parts, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var staged = await store.StageAsync(key, offset, parts, cancellationToken);
        if (staged is null)
        {
            return null;
        }

        await FillAsync(staged, content, cancellationToken);
        return await staged.SyncAsync(cancellationToken);
    }

    /// <summary>The closing request, until its commit.</summary>
    /// <returns>The notes; null when the object was written whole.</returns>
    public static async Task<string?> CompleteAsync(
        this IBlobStore store, BlobKey key, long offset, string? parts, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var staged = await store.StageAsync(key, offset, parts, cancellationToken)
            ?? throw new StorageException("The upload is lost.", isTransient: false);
        await FillAsync(staged, content, cancellationToken);
        return await staged.CompleteAsync(cancellationToken);
    }

    /// <summary>A whole blob in one request.</summary>
    public static async Task PushAsync(this IBlobStore store, BlobKey key, byte[] content, CancellationToken cancellationToken)
    {
        var parts = await store.CompleteAsync(key, 0, parts: null, content, cancellationToken);
        await store.CommitAsync(key, DigestOf(content), parts, cancellationToken);
    }

    /// <summary>Null when there is no object.</summary>
    public static async Task<byte[]?> PullAsync(this IBlobStore store, BlobKey key, CancellationToken cancellationToken)
    {
        using var content = await store.OpenAsync(key, DigestOf([]), cancellationToken);
        if (content is null)
        {
            return null;
        }

        var buffer = new byte[content.Length];
        for (var offset = 0; offset < buffer.Length;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(offset, Math.Min(Block, buffer.Length - offset)), offset, cancellationToken);
            Assert.NotEqual(0, read);
            offset += read;
        }

        return buffer;
    }

    private static async Task FillAsync(IStagedBlob staged, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        for (var rest = content; !rest.IsEmpty; rest = rest[Math.Min(Block, rest.Length)..])
        {
            await staged.AppendAsync(rest[..Math.Min(Block, rest.Length)], cancellationToken);
        }
    }
}
