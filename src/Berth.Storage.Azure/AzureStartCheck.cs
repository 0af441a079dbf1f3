using System.Security.Cryptography;

namespace Berth.Storage.Azure;

/// <summary>Proves before the first request that the container does what the store will need.</summary>
internal sealed class AzureStartCheck(AzureContainer container, AzureNames names, TimeProvider time)
{
    /// <summary>With more than this, clients would find the addresses of redirects expired.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    /// <summary>Writes, reads, lists and deletes a small object under a random name.</summary>
    /// <exception cref="StorageException">Something of it does not work.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var name = names.Probe();
        var bytes = RandomNumberGenerator.GetBytes(64);
        using var content = new MemoryStream(bytes);
        Demand(await container.PutAsync(name, content, cancellationToken), "has an object that nobody wrote: the container is not what it seems");
        Demand(!await container.PutAsync(name, content, cancellationToken), "replaces an object that it was told not to replace (If-None-Match)");
        await DemandReadableAsync(name, bytes, cancellationToken);
        Demand(await container.ListAsync(name, cancellationToken).AnyAsync(cancellationToken), "does not list what was just written to it");
        await container.DeleteAsync(name, cancellationToken);
        Demand(await container.HeadAsync(name, cancellationToken) is null, "does not delete what it is told to delete");
    }

    private async Task DemandReadableAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        var info = await container.HeadAsync(name, cancellationToken);
        Demand(info?.Size == bytes.Length, "does not have what was just written to it");
        Demand((info!.LastModified - time.GetUtcNow()).Duration() <= MostSkew, "has a clock that differs from this machine's by more than 10 minutes");

        using var reader = new AzureBlobContent(container, name, info);
        var actual = new byte[bytes.Length];
        for (var offset = 0; offset < actual.Length;)
        {
            offset += await reader.ReadAsync(actual.AsMemory(offset), offset, cancellationToken);
        }

        Demand(bytes.AsSpan().SequenceEqual(actual), "gives back other bytes than were written");
    }

    private static void Demand(bool isTrue, string otherwise)
    {
        if (!isTrue)
        {
            throw new StorageException($"The object store {otherwise}.", isTransient: false);
        }
    }
}
