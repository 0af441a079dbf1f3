namespace Berth.Storage.S3.Tests;

/// <summary>As in <see cref="Testing.Storage.StoreCalls"/>; but an object of S3 is always named by its notes, also one that was written whole.</summary>
internal static class NotedCalls
{
    public static async Task<string> CompleteAsync(
        this IBlobStore store, BlobKey key, long offset, string? parts, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var complete = await StoreCalls.CompleteAsync(store, key, offset, parts, content, cancellationToken);
        Assert.NotNull(complete);
        return complete;
    }

    public static async Task PushAsync(this IBlobStore store, BlobKey key, byte[] content, CancellationToken cancellationToken)
    {
        var parts = await store.CompleteAsync(key, 0, parts: null, content, cancellationToken);
        await store.CommitAsync(key, StoreCalls.DigestOf(content), parts, cancellationToken);
    }
}
