using System.Globalization;
using System.Text.Json.Nodes;

namespace Berth.Testing.Gcs;

/// <summary>An object of the server.</summary>
public sealed record GcsStoredObject(string Name, byte[] Content, long Generation, DateTimeOffset Updated)
{
    /// <summary>By Castagnoli's polynomial, the lowest bit first.</summary>
    private const uint Polynomial = 0x82F63B78;

    public string ContentType { get; init; } = "application/octet-stream";

    public JsonNode? Metadata { get; init; }

    public static string Checksum(byte[] content)
    {
        var crc = uint.MaxValue;
        foreach (var one in content)
        {
            crc = Table[(byte)(crc ^ one)] ^ (crc >> 8);
        }

        var bytes = BitConverter.GetBytes(~crc);
        Array.Reverse(bytes);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>As the service says it: numbers of 64 bits are texts.</summary>
    public JsonObject ToJson() => new()
    {
        ["kind"] = "storage#object",
        ["name"] = Name,
        ["size"] = Content.Length.ToString(CultureInfo.InvariantCulture),
        ["generation"] = Generation.ToString(CultureInfo.InvariantCulture),
        ["crc32c"] = Checksum(Content),
        ["updated"] = Updated.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["contentType"] = ContentType,
        ["metadata"] = Metadata?.DeepClone(),
    };

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private static uint Entry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 1 ? (value >> 1) ^ Polynomial : value >> 1;
        }

        return value;
    }
}
