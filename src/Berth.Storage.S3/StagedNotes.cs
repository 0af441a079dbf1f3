using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Storage.S3;

/// <summary>What the store has of a staged object. It is kept in the upload's row, so that any node can go on.</summary>
internal sealed record StagedNotes
{
    /// <summary>The multipart upload; null as long as no part was full.</summary>
    [JsonPropertyName("u")]
    public string? UploadId { get; init; }

    /// <summary>The parts of it, numbered from 1.</summary>
    [JsonPropertyName("p")]
    public IReadOnlyList<PartNote>? Parts { get; init; }

    /// <summary>The full name of the tail's object.</summary>
    [JsonPropertyName("n")]
    public string? TailName { get; init; }

    [JsonPropertyName("t")]
    public PartNote? Tail { get; init; }

    /// <summary>The whole object, when it was written in one request.</summary>
    [JsonPropertyName("o")]
    public PartNote? Whole { get; init; }

    /// <summary>Whether there may be tails to delete.</summary>
    [JsonPropertyName("d")]
    public bool HadTails { get; init; }

    [JsonIgnore]
    public long Size => (Parts?.Sum(part => part.Size) ?? 0) + (Tail?.Size ?? 0) + (Whole?.Size ?? 0);

    /// <summary>Null when this is not what <see cref="ToText"/> made.</summary>
    public static StagedNotes? Parse(string? text)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize(text, StagedNotesJson.Default.StagedNotes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToText() => JsonSerializer.Serialize(this, StagedNotesJson.Default.StagedNotes);
}
