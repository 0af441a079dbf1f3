using System.Globalization;
using System.Text;
using Berth.Manifests;
using Berth.Metadata;

namespace Berth.Bench.Seeding;

/// <summary>Fills a metadata database with manifests that point at others.</summary>
internal sealed class ReferrersSeed(IMetadataStore metadata)
{
    /// <summary>Referrers of each subject.</summary>
    public const int PerSubject = 10;

    private const int PushesAtOnce = 1_000;

    /// <summary>Where they are.</summary>
    public static RepositoryName Repository { get; } = RepositoryName.Parse("bench/referrers");

    /// <summary>The digest of a subject, which need not be there itself.</summary>
    public static Digest Subject(int number) => Digest.Of(Encoding.UTF8.GetBytes(Content(number, "")), DigestAlgorithm.Sha256);

    /// <summary>Creates so many manifests, <see cref="PerSubject"/> for each subject.</summary>
    public async Task AddAsync(int count, CancellationToken cancellationToken)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(PushesAtOnce))
        {
            await Task.WhenAll(numbers.Select(number => PushAsync(number, cancellationToken)));
        }
    }

    private static string Content(int number, string more) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciImageIndex}}","manifests":[],"annotations":{"number":"{{number}}"}{{more}}}""");

    private async Task PushAsync(int number, CancellationToken cancellationToken)
    {
        var subject = $$"""{"mediaType":"{{MediaTypes.OciImageManifest}}","digest":"{{Subject(number / PerSubject)}}","size":100}""";
        var content = Encoding.UTF8.GetBytes(Content(number, $$""","artifactType":"application/vnd.example","subject":{{subject}}"""));
        var manifest = Manifest.Parse(content, MediaTypes.OciImageIndex);
        var digest = Digest.Of(content, DigestAlgorithm.Sha256);
        await metadata.Manifests.PutAsync(new ManifestPush(Repository, digest, manifest, new HashSet<Digest>(), []), cancellationToken);
    }
}
