using System.Text;
using Berth.Manifests;
using Berth.Metadata;

namespace Berth.Bench.Seeding;

/// <summary>
/// Fills a metadata database with as many tags and repositories as would take hours over HTTP, through the engine's own store, so that
/// what is measured is what a registry of that size has.
/// </summary>
internal sealed class ListingSeed(IMetadataStore metadata)
{
    private const int TagsPerChange = 1_000;
    private const int ChangesAtOnce = 256;

    private static readonly RepositoryName TagsRepository = RepositoryName.Parse("bench/tags");

    // An empty index: the one manifest that needs nothing else stored.
    private static readonly Manifest Manifest = Manifest.Parse(
        Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciImageIndex}}","manifests":[]}"""),
        MediaTypes.OciImageIndex);

    /// <summary>Creates tags <c>t0000000</c> and on in the repository <c>bench/tags</c>.</summary>
    public async Task AddTagsAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(TagsPerChange))
        {
            await PushAsync(TagsRepository, [.. numbers.Select(number => Tag.Parse($"t{number:D7}"))], cancellationToken);
        }
    }

    /// <summary>Creates repositories <c>bench/r0000000</c> and on, with a manifest each.</summary>
    public async Task AddRepositoriesAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(ChangesAtOnce))
        {
            await Task.WhenAll(numbers.Select(
                number => PushAsync(RepositoryName.Parse($"bench/r{number:D7}"), [], cancellationToken)));
        }
    }

    private async Task PushAsync(RepositoryName repository, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var digest = Digest.Of(Manifest.Content.Span, DigestAlgorithm.Sha256);
        await metadata.Manifests.PutAsync(new ManifestPush(repository, digest, Manifest, new HashSet<Digest>(), tags), cancellationToken);
    }
}
