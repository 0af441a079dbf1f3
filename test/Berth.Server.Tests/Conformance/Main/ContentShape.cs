using System.Text.Json.Nodes;

namespace Berth.Server.Tests.Conformance.Main;

/// <summary>What an image, an artifact or an index of them is to look like.</summary>
internal sealed record ContentShape
{
    public const string GzipLayer = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string PlainLayer = "application/vnd.oci.image.layer.v1.tar";
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";
    public const string EmptyObject = "application/vnd.oci.empty.v1+json";

    /// <summary>An artifact as the suite makes most of them: an empty config, and one layer of the artifact's own type.</summary>
    public static ContentShape Artifact(string type, string? layerType = null) => new()
    {
        ArtifactType = type,
        ConfigType = EmptyObject,
        LayerCount = 1,
        LayerType = layerType ?? type,
    };

    public DigestAlgorithm Algorithm { get; init; } = DigestAlgorithm.Sha256;

    public string? ArtifactType { get; init; }

    /// <summary>The media type of the config. An image's is a document of its own, any other one the empty object.</summary>
    public string ConfigType { get; init; } = ImageConfig;

    public int LayerCount { get; init; } = 2;

    public string LayerType { get; init; } = GzipLayer;

    /// <summary>The bytes of each layer; null: random ones.</summary>
    public byte[]? LayerContent { get; init; }

    /// <summary>The platforms of an index's children.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = ["amd64", "arm64"];

    /// <summary>The descriptor of the subject; an index's children have it too.</summary>
    public JsonObject? Subject { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Adds an annotation that no other manifest has.</summary>
    public bool IsUnique { get; init; }

    /// <summary>Puts the content of what a descriptor names into the descriptor.</summary>
    public bool HasData { get; init; }

    /// <summary>Adds a member that the specification does not know to every document.</summary>
    public bool HasCustomField { get; init; }
}
