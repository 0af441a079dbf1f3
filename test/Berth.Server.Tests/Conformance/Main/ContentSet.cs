using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>Content that is pushed and deleted together: blobs, manifests, tags, and what the referrers answers must say.</summary>
internal sealed class ContentSet
{
    /// <summary>Go writes a plus sign as it is, and .NET as an escape.</summary>
    private static readonly JsonSerializerOptions AsGoWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Dictionary<Digest, byte[]> Blobs { get; } = [];

    /// <summary>Manifests in the order of their pushes: children before their indexes.</summary>
    public List<(Digest Digest, byte[] Content)> Manifests { get; } = [];

    public Dictionary<string, Digest> Tags { get; } = [];

    /// <summary>Each descriptor that the referrers answer of a subject must have.</summary>
    public List<(Digest Subject, JsonObject Descriptor)> Referrers { get; } = [];

    /// <summary>Tags come with the push by digest, not after it.</summary>
    public bool HasTagParameters { get; init; }

    /// <summary>The manifests do not have the digests they are pushed under.</summary>
    public bool IsDigestWrong { get; init; }

    /// <summary>Adds a blob.</summary>
    /// <returns>Its descriptor.</returns>
    public JsonObject AddBlob(byte[] content, string mediaType, ContentShape shape)
    {
        var descriptor = Describe(content, mediaType, shape);
        Blobs[DigestOf(descriptor)] = content;
        return descriptor;
    }

    /// <summary>Adds an image or an artifact with its blobs.</summary>
    /// <returns>The manifest's descriptor.</returns>
    public JsonObject AddImage(ContentShape shape, string? tag = null, string architecture = "amd64")
    {
        var layers = Enumerable.Range(0, shape.LayerCount)
            .Select(_ => AddBlob(shape.LayerContent ?? RegistryClient.RandomBytes(2048), shape.LayerType, shape))
            .ToArray();
        var config = shape.ConfigType == ContentShape.ImageConfig ? WriteConfig(layers, architecture, shape) : "{}"u8.ToArray();
        return AddManifest(AddBlob(config, shape.ConfigType, shape), layers, shape, tag);
    }

    /// <summary>Adds an image manifest of blobs that are there, or are not.</summary>
    public JsonObject AddManifest(JsonObject config, IReadOnlyList<JsonObject> layers, ContentShape shape, string? tag = null)
    {
        var document = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciImageManifest };
        if (shape.ArtifactType is not null)
        {
            document["artifactType"] = shape.ArtifactType;
        }

        document["config"] = config.DeepClone();
        document["layers"] = new JsonArray([.. layers.Select(layer => layer.DeepClone())]);
        return Add(document, shape.ArtifactType ?? (string?)config["mediaType"], shape, tag);
    }

    /// <summary>Adds an index and its images.</summary>
    public JsonObject AddIndex(ContentShape shape, string? tag = null) =>
        AddIndex([.. shape.Architectures.Select(architecture => OnPlatform(AddImage(shape, tag, architecture), architecture))], shape, tag);

    /// <summary>Adds an index of manifests that are there, or are not.</summary>
    public JsonObject AddIndex(IReadOnlyList<JsonObject> manifests, ContentShape shape, string? tag = null)
    {
        var document = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciImageIndex };
        if (shape.ArtifactType is not null)
        {
            document["artifactType"] = shape.ArtifactType;
        }

        document["manifests"] = new JsonArray([.. manifests.Select(manifest => manifest.DeepClone())]);
        return Add(document, shape.ArtifactType, shape, tag);
    }

    public static JsonObject Describe(byte[] content, string mediaType, ContentShape shape)
    {
        var descriptor = RegistryClient.DescriptorOf(content, mediaType, shape.Algorithm);
        if (shape.HasData && content.Length > 0)
        {
            descriptor["data"] = Convert.ToBase64String(content);
        }

        return descriptor;
    }

    public static JsonObject OnPlatform(JsonObject descriptor, string architecture)
    {
        var child = descriptor.DeepClone().AsObject();
        child["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return child;
    }

    public static Digest DigestOf(JsonObject descriptor) => Digest.Parse((string)descriptor["digest"]!);

    private JsonObject Add(JsonObject document, string? artifactType, ContentShape shape, string? tag)
    {
        if (shape.Subject is not null)
        {
            document["subject"] = shape.Subject.DeepClone();
        }

        if (shape.Annotations is not null || shape.IsUnique)
        {
            var annotations = new JsonObject([.. (shape.Annotations ?? new Dictionary<string, string>())
                .Select(annotation => KeyValuePair.Create(annotation.Key, (JsonNode?)annotation.Value))]);
            if (shape.IsUnique)
            {
                annotations[$"org.example.{RandomText()}"] = RandomText();
            }

            document["annotations"] = annotations;
        }

        var content = Write(document, shape);
        var descriptor = Describe(content, (string)document["mediaType"]!, shape);
        var digest = DigestOf(descriptor);
        Manifests.Add((digest, content));
        if (tag is not null)
        {
            Tags[tag] = digest;
        }

        if (shape.Subject is not null)
        {
            var referrer = Describe(content, (string)document["mediaType"]!, shape with { HasData = false });
            referrer["artifactType"] = artifactType;
            referrer["annotations"] = document["annotations"]?.DeepClone();
            Referrers.Add((DigestOf(shape.Subject), referrer));
        }

        return descriptor;
    }

    private static byte[] WriteConfig(IEnumerable<JsonObject> layers, string architecture, ContentShape shape) => Write(
        new JsonObject
        {
            ["author"] = $"conformance {RandomText()}",
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject(),
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode?)(string)layer["digest"]!)]),
            },
        },
        shape);

    private static byte[] Write(JsonObject document, ContentShape shape)
    {
        if (shape.HasCustomField)
        {
            document[$"org.{RandomText()}"] = RandomText();
        }

        return Encoding.UTF8.GetBytes(document.ToJsonString(AsGoWrites));
    }

    private static string RandomText() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26);
}
