using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Storage.Azure;

/// <summary>What the store has of a staged object. It is kept in the upload's row, so that any node can go on.</summary>
internal sealed record StagedNotes([property: JsonPropertyName("b")] IReadOnlyList<BlockNote> Blocks)
{
    [JsonIgnore]
    public long Size => Blocks.Sum(block => block.Size);

    /// <summary>Null when this is not what <see cref="ToText"/> made.</summary>
    public static StagedNotes? Parse(string? text)
    {
        try
        {
            var notes = text is null ? null : JsonSerializer.Deserialize(text, StagedNotesJson.Default.StagedNotes);
            return notes is { Blocks: not null } ? notes : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, StagedNotesJson.Default.StagedNotes);
}
