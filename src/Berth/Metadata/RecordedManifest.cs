using System.Text.Json;
using Berth.Manifests;

namespace Berth.Metadata;

/// <summary>All that a database has recorded about one manifest, for whoever checks it against the manifest's bytes.</summary>
/// <param name="Id">Its place in the order they were pushed.</param>
/// <param name="Repository">The repository it belongs to.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="ArtifactType">Its artifact type, if it has one.</param>
/// <param name="Subject">The digest of its subject, if it has one.</param>
/// <param name="Annotations">Its annotations, as JSON in UTF-8, if it has any.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Content">Its exact bytes.</param>
/// <param name="References">The digests of everything it refers to.</param>
public sealed record RecordedManifest(
    long Id,
    RepositoryName Repository,
    Digest Digest,
    string MediaType,
    string? ArtifactType,
    string? Subject,
    byte[]? Annotations,
    long Size,
    byte[] Content,
    IReadOnlyList<Digest> References)
{
    /// <summary>The part of it that the registry answers from.</summary>
    public StoredManifest Stored => new(Repository, new ManifestRow(Digest, MediaType, Content), References);

    /// <summary>What differs from what the bytes say (F7), a line of text each; none if they are no manifest, which is F2.</summary>
    public IEnumerable<string> FindDifferences()
    {
        Manifest manifest;
        try
        {
            manifest = Manifest.Parse(Content, MediaType);
        }
        catch (OciException)
        {
            return []; // F2, which fsck finds when it hashes the bytes
        }

        (string Name, bool IsRight)[] columns =
        [
            ("media type", MediaType == manifest.MediaType),
            ("artifact type", ArtifactType == manifest.ArtifactType),
            ("subject", Subject == manifest.Subject?.Digest.Value),
            ("annotations", AreEqual(Annotations, manifest.Annotations)),
            ("size", Size == Content.Length),
            ("references", manifest.References.Select(reference => reference.Descriptor.Digest).ToHashSet().SetEquals(References)),
        ];
        return columns.Where(column => !column.IsRight).Select(column => $"the recorded {column.Name} differ from what its bytes say");
    }

    private static bool AreEqual(byte[]? recorded, IReadOnlyDictionary<string, string>? annotations)
    {
        try
        {
            var read = recorded is null ? null : JsonSerializer.Deserialize(recorded, OciJson.Default.IReadOnlyDictionaryStringString);
            return read is null || annotations is null
                ? read is null && annotations is null
                : read.Count == annotations.Count && !read.Except(annotations).Any();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
