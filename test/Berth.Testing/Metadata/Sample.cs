using System.Text.Json.Nodes;
using System.Text;
using Berth.Manifests;
using Berth.Oci;

namespace Berth.Testing.Metadata;

/// <summary>Manifests whose blobs are named by their content.</summary>
public static class Sample
{
    public static Digest DigestOf(string content) => Digest.Of(Encoding.UTF8.GetBytes(content), DigestAlgorithm.Sha256);

    public static Manifest Image(
        string config,
        IEnumerable<string> layers,
        Digest? subject = null,
        string? artifactType = null,
        IReadOnlyDictionary<string, string>? annotations = null)
    {
        var document = Document(MediaTypes.OciImageManifest);
        document["config"] = Descriptor("application/vnd.oci.image.config.v1+json", DigestOf(config), config.Length);
        document["layers"] = new JsonArray([.. layers.Select(LayerOf)]);
        if (subject is { } digest)
        {
            document["subject"] = Descriptor(MediaTypes.OciImageManifest, digest, 7);
        }

        if (artifactType is not null)
        {
            document["artifactType"] = artifactType;
        }

        if (annotations is not null)
        {
            document["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        return Parse(document);
    }

    /// <summary>An index of manifests.</summary>
    public static Manifest Index(params ManifestPush[] children) =>
        Index([.. children.Select(child => (child.Manifest.MediaType, child.Digest, (long)child.Manifest.Content.Length))]);

    public static Manifest Index(params (string MediaType, Digest Digest, long Size)[] children)
    {
        var document = Document(MediaTypes.OciImageIndex);
        document["manifests"] = new JsonArray([.. children.Select(child => Descriptor(child.MediaType, child.Digest, child.Size))]);
        return Parse(document);
    }

    /// <summary>A push that demands every reference that can be demanded.</summary>
    public static ManifestPush Push(RepositoryName repository, Manifest manifest, params Tag[] tags) =>
        new(
            repository,
            Digest.Of(manifest.Content.Span, DigestAlgorithm.Sha256),
            manifest,
            manifest.References
                .Where(reference => reference.Kind is ReferenceKind.Blob or ReferenceKind.Manifest or ReferenceKind.Either)
                .Select(reference => reference.Descriptor.Digest)
                .ToHashSet(),
            tags);

    private static JsonNode LayerOf(string content) =>
        Descriptor("application/vnd.oci.image.layer.v1.tar+gzip", DigestOf(content), content.Length);

    private static JsonObject Document(string mediaType) => new() { ["schemaVersion"] = 2, ["mediaType"] = mediaType };

    private static JsonObject Descriptor(string mediaType, Digest digest, long size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest.Value, ["size"] = size };

    private static Manifest Parse(JsonObject document) => Manifest.Parse(Encoding.UTF8.GetBytes(document.ToJsonString()), contentType: null);
}
