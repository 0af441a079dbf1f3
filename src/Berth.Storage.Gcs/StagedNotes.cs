using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Storage.Gcs;

/// <summary>What the store has of a staged object. It is kept in the upload's row, so that any node can go on.</summary>
/// <param name="Parts">In their order; never more than one request can put together.</param>
/// <param name="Crc">The checksum of all bytes.</param>
internal sealed record StagedNotes([property: JsonPropertyName("p")] IReadOnlyList<PartNote> Parts, [property: JsonPropertyName("c")] uint Crc)
{
    /// <summary>The service's: so many objects can be made one by one request.</summary>
    public const int MostParts = 32;

    public static StagedNotes Empty { get; } = new([], 0);

    [JsonIgnore]
    public long Size => Parts.Sum(part => part.Size);

    /// <summary>Names the object that is made of these parts: their names are random, so that no other object has it.</summary>
    [JsonIgnore]
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(
        string.Join(' ', Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Nonce} {part.Generation}"))))));

    /// <summary>Null when this is not what <see cref="ToText"/> made.</summary>
    public static StagedNotes? Parse(string? text)
    {
        try
        {
            var notes = text is null ? null : JsonSerializer.Deserialize(text, StagedNotesJson.Default.StagedNotes);
            return notes is { Parts.Count: > 0 and <= MostParts } && notes.Parts.All(IsPart) ? notes : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, StagedNotesJson.Default.StagedNotes);

    private static bool IsPart(PartNote? part) => part is { Generation: > 0, Size: > 0 and <= long.MaxValue / MostParts } && GcsNames.IsNonce(part.Nonce);
}
