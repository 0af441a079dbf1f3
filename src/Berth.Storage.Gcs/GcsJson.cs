using System.Text.Json.Serialization;

namespace Berth.Storage.Gcs;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.WriteAsString)]
[JsonSerializable(typeof(GcsObject))]
[JsonSerializable(typeof(GcsNewObject))]
[JsonSerializable(typeof(GcsComposition))]
[JsonSerializable(typeof(GcsObjectPage))]
[JsonSerializable(typeof(GcsErrorAnswer))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class GcsJson : JsonSerializerContext;
