using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>The content of the released suite: an image for each workflow, artifacts that refer to one of them, and loose blobs.</summary>
/// <remarks>Its descriptors have a member that no specification knows, which Go writes as null where it is not set.</remarks>
internal sealed class ReleasedContent
{
    public const string ArtifactTypeA = "application/vnd.nhl.peanut.butter.bagel";
    public const string ArtifactTypeB = "application/vnd.nba.strawberry.jam.croissant";

    private const string ConfigType = "application/vnd.oci.image.config.v1+json";
    private const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string EmptyType = "application/vnd.oci.empty.v1+json";

    private static readonly JsonSerializerOptions Indented = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        IndentCharacter = '\t',
        IndentSize = 1,
    };

    public ReleasedContent()
    {
        Configs = [.. Enumerable.Range(0, 5).Select(_ => WriteConfig())];
        Images = [.. Configs.Select(config => WriteImage(config, Describe(Layer, LayerType)))];
        ImageWithoutLayers = WriteImageWithoutLayers(Configs[1]);

        var subject = Images[4];
        ConfigArtifactA = WriteConfigArtifact(ArtifactTypeA, ReferrerBlobA, subject, "test config a");
        ConfigArtifactB = WriteConfigArtifact(ArtifactTypeB, ReferrerBlobB, subject, "test config b");
        LayerArtifactA = WriteLayerArtifact(ArtifactTypeA, ReferrerBlobA, subject, "test layer a");
        LayerArtifactB = WriteLayerArtifact(ArtifactTypeB, ReferrerBlobB, subject, "test layer b");
        LayerArtifactC = WriteLayerArtifact(ArtifactTypeB, ReferrerBlobB, Images[3], annotation: null);
        ArtifactIndex = WriteArtifactIndex(subject);
        Annotations = new()
        {
            [Sha256(ConfigArtifactA)] = "test config a",
            [Sha256(ConfigArtifactB)] = "test config b",
            [Sha256(LayerArtifactA)] = "test layer a",
            [Sha256(LayerArtifactB)] = "test layer b",
            [Sha256(ArtifactIndex)] = "test index",
        };
    }

    public const string AnnotationKey = "org.opencontainers.conformance.test";

    /// <summary>A digest of something that nobody pushes.</summary>
    public static string Nowhere { get; } = Sha256("hello world"u8.ToArray());

    public byte[] EmptyObject { get; } = "{}"u8.ToArray();

    public byte[] Layer { get; } = RegistryClient.RandomBytes(168);

    public byte[] ReferrerBlobA { get; } = "NHL Peanut Butter on my NHL bagel"u8.ToArray();

    public byte[] ReferrerBlobB { get; } = "NBA Strawberry Jam on my NBA croissant"u8.ToArray();

    public byte[] BlobA { get; } = RegistryClient.RandomBytes(42);

    /// <summary>A blob for two chunks.</summary>
    public byte[] BlobB { get; } = RegistryClient.RandomBytes(42);

    public IReadOnlyList<byte[]> Configs { get; }

    /// <summary>Images: 0 and 1 to pull, 1 to push, 2 to discover, 3 to manage, 4 as a subject.</summary>
    public IReadOnlyList<byte[]> Images { get; }

    public byte[] ImageWithoutLayers { get; }

    public byte[] ConfigArtifactA { get; }

    public byte[] ConfigArtifactB { get; }

    public byte[] LayerArtifactA { get; }

    public byte[] LayerArtifactB { get; }

    /// <summary>An artifact whose subject is not there while it is asked for.</summary>
    public byte[] LayerArtifactC { get; }

    public byte[] ArtifactIndex { get; }

    /// <summary>The annotation of each referrer, by its digest.</summary>
    public Dictionary<string, string> Annotations { get; }

    public static string Sha256(byte[] content) => Digest.Of(content, DigestAlgorithm.Sha256).Value;

    private static byte[] WriteConfig() => Write(new JsonObject
    {
        ["author"] = RandomNumberGenerator.GetString("0123456789ABCDEFabcdef-", 16),
        ["architecture"] = "amd64",
        ["os"] = "linux",
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() },
    });

    private static byte[] WriteImage(byte[] config, JsonObject layer) => Write(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciImageManifest,
        ["config"] = DescribeWithData(config),
        ["layers"] = new JsonArray(layer),
    });

    /// <summary>This one does not say its media type.</summary>
    private static byte[] WriteImageWithoutLayers(byte[] config) => Write(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["config"] = DescribeWithData(config),
        ["layers"] = new JsonArray(),
    });

    /// <summary>An artifact whose type is that of its config.</summary>
    private byte[] WriteConfigArtifact(string type, byte[] content, byte[] subject, string annotation) =>
        WriteArtifact(type: null, Describe(content, type), Describe(EmptyObject, EmptyType), subject, annotation);

    /// <summary>An artifact that says its type.</summary>
    private byte[] WriteLayerArtifact(string type, byte[] content, byte[] subject, string? annotation) =>
        WriteArtifact(type, Describe(EmptyObject, EmptyType), Describe(content, type), subject, annotation);

    private static byte[] WriteArtifact(string? type, JsonObject config, JsonObject layer, byte[] subject, string? annotation)
    {
        var document = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.OciImageManifest };
        if (type is not null)
        {
            document["artifactType"] = type;
        }

        document["config"] = config;
        document["layers"] = new JsonArray(layer);
        document["subject"] = Describe(subject, MediaTypes.OciImageManifest);
        if (annotation is not null)
        {
            document["annotations"] = new JsonObject { [AnnotationKey] = annotation };
        }

        return Write(document);
    }

    private byte[] WriteArtifactIndex(byte[] subject) => Write(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaTypes.OciImageIndex,
        ["artifactType"] = "application/vnd.food.stand",
        ["manifests"] = new JsonArray(
            Describe(ConfigArtifactA, MediaTypes.OciImageManifest), Describe(LayerArtifactA, MediaTypes.OciImageManifest)),
        ["subject"] = Describe(subject, MediaTypes.OciImageManifest),
        ["annotations"] = new JsonObject { [AnnotationKey] = "test index" },
    });

    private static JsonObject Describe(byte[] content, string mediaType) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = Sha256(content),
        ["size"] = content.Length,
        ["newUnspecifiedField"] = null,
    };

    private static JsonObject DescribeWithData(byte[] config)
    {
        var descriptor = Describe(config, ConfigType);
        descriptor["data"] = Convert.ToBase64String(config);
        descriptor["newUnspecifiedField"] = Convert.ToBase64String("hello world"u8);
        return descriptor;
    }

    private static byte[] Write(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString(Indented));
}
