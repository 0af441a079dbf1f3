using System.Text.Json.Serialization;

namespace Berth.Storage.S3;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StagedNotes))]
internal sealed partial class StagedNotesJson : JsonSerializerContext;
