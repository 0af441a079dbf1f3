using System.Text.Json.Serialization;

namespace Berth.Storage.Azure;

/// <summary>One block: its id, in the store's Base64, and how many bytes it has.</summary>
internal sealed record BlockNote([property: JsonPropertyName("i")] string Id, [property: JsonPropertyName("s")] long Size);
