using System.Text.Json.Serialization;

namespace Berth.Storage.Gcs;

/// <summary>One part: the end of its name, which object it is of those that had the name, and how many bytes it has.</summary>
internal sealed record PartNote(
    [property: JsonPropertyName("n")] string Nonce, [property: JsonPropertyName("g")] long Generation, [property: JsonPropertyName("s")] long Size);
