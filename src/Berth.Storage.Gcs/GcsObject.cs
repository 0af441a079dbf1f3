namespace Berth.Storage.Gcs;

/// <summary>What is known of an object without reading it, as the service says it: numbers are texts there.</summary>
internal sealed record GcsObject
{
    public string Name { get; init; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Which object this is, of all that ever had the name.</summary>
    public long Generation { get; init; }

    /// <summary>The checksum of the bytes, in Base64, as <see cref="Crc32C.ToText"/> makes it.</summary>
    public string? Crc32c { get; init; }

    public DateTimeOffset Updated { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}
