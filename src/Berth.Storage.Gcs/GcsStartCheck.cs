using System.Security.Cryptography;

namespace Berth.Storage.Gcs;

/// <summary>Proves before the first request that the bucket does what the store will need.</summary>
internal sealed class GcsStartCheck(GcsBucket bucket, GcsHttp http, GcsNames names, TimeProvider time)
{
    /// <summary>With more than this, clients would find the addresses of redirects expired.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(10);

    /// <summary>Writes, puts together, reads, lists and deletes small objects under random names.</summary>
    /// <exception cref="StorageException">Something of it does not work.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (name, whole) = (names.Probe(), names.Probe());
        var bytes = RandomNumberGenerator.GetBytes(64);
        var part = await bucket.PutAsync(name, bytes, cancellationToken);
        Demand(part is not null, "has an object that nobody wrote: the bucket is not what it seems");
        Demand((part!.Updated - time.GetUtcNow()).Duration() <= MostSkew, "has a clock that differs from this machine's by more than 10 minutes");
        Demand(await bucket.PutAsync(name, bytes, cancellationToken) is null, "replaces an object that it was told not to replace (ifGenerationMatch)");
        var composition = new GcsComposition([new GcsSource(name, part.Generation)], new GcsNewObject(), DeleteSourceObjects: false);
        var composed = await bucket.ComposeAsync(whole, composition, cancellationToken);
        Demand(composed?.Size == bytes.Length, "does not put objects together");
        await DemandReadableAsync(whole, bytes, cancellationToken);
        Demand(await bucket.ListAsync(name, cancellationToken).AnyAsync(cancellationToken), "does not list what was just written to it");
        foreach (var probe in new[] { name, whole })
        {
            await bucket.DeleteAsync(probe, cancellationToken);
            Demand(await bucket.HeadAsync(probe, cancellationToken) is null, "does not delete what it is told to delete");
        }
    }

    private async Task DemandReadableAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        var info = await bucket.HeadAsync(name, cancellationToken);
        Demand(info?.Size == bytes.Length, "does not have what was just written to it");

        using var reader = new GcsBlobContent(bucket, http, info!);
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
