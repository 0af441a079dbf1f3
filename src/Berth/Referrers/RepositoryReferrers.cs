using Berth.Access;
using Berth.Metadata;

namespace Berth.Referrers;

/// <summary>The manifests that refer to another one. Distribution specification, "Listing Referrers".</summary>
public sealed class RepositoryReferrers(IMetadataStore metadata, EffectGuard guard)
{
    /// <summary>
    /// Bytes of annotations after which a page ends: a manifest may bring 4 MiB of them, and memory for one answer is bounded.
    /// </summary>
    private const int MaxPageBytes = 4 * 1024 * 1024;

    private const int RowsPerQuery = 64;

    /// <summary>Entries of a fallback tag that are looked at: old clients wrote few.</summary>
    private const int MaxFallback = 256;

    /// <param name="artifactType">Only those of this artifact type; null: all.</param>
    /// <param name="after">The <see cref="ReferrerPage.Next"/> of the page before; zero for the first.</param>
    /// <param name="limit">Referrers at most.</param>
    public async Task<ReferrerPage> ListAsync(
        Caller caller,
        RepositoryName repository,
        Digest subject,
        string? artifactType,
        long after,
        int limit,
        CancellationToken cancellationToken)
    {
        guard.Demand(caller, repository, Effect.Pull);
        var descriptors = new List<Descriptor>();
        var bytes = 0L;
        while (true)
        {
            var rows = await metadata.Referrers.ListAsync(repository, subject, artifactType, after, RowsPerQuery, cancellationToken);
            foreach (var row in rows)
            {
                if (descriptors.Count == limit || bytes > MaxPageBytes)
                {
                    return new ReferrerPage(descriptors, after);
                }

                descriptors.Add(row.Descriptor);
                bytes += row.Descriptor.Annotations?.Sum(annotation => (long)annotation.Key.Length + annotation.Value.Length) ?? 0;
                after = row.Position;
            }

            if (rows.Count == 0)
            {
                descriptors.AddRange(await ListFallbackAsync(repository, subject, artifactType, cancellationToken));
                return new ReferrerPage(descriptors, Next: null);
            }
        }
    }

    /// <summary>
    /// What clients listed in the fallback tag, <c>sha256-&lt;hex&gt;</c>, when the registry before this one had no referrers API:
    /// those entries that the repository has, and that do not name the subject themselves (those are listed already).
    /// </summary>
    private async Task<IReadOnlyList<Descriptor>> ListFallbackAsync(
        RepositoryName repository, Digest subject, string? artifactType, CancellationToken cancellationToken)
    {
        var tag = Tag.Parse($"{subject.Algorithm.Name}-{subject.Hex[..64]}"); // the specification cuts the hash at 64 characters
        if (await metadata.Manifests.FindAsync(repository, tag, cancellationToken) is not { } row || !MediaTypes.IsIndex(row.MediaType))
        {
            return [];
        }

        var listed = new List<Descriptor>();
        var entries = Manifest.Parse(row.Content, row.MediaType).References
            .Where(reference => reference.Kind is ReferenceKind.Manifest or ReferenceKind.Either)
            .Select(reference => reference.Descriptor)
            .Where(entry => artifactType is null || entry.ArtifactType == artifactType)
            .Take(MaxFallback);
        foreach (var descriptor in entries)
        {
            if (await metadata.Manifests.FindAsync(repository, descriptor.Digest, cancellationToken) is { } referrer
                && Manifest.Parse(referrer.Content, referrer.MediaType).Subject?.Digest != subject)
            {
                listed.Add(descriptor);
            }
        }

        return listed;
    }
}
