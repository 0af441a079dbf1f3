using System.Text.Json.Serialization;

namespace Berth.Storage.Azure;

[JsonSerializable(typeof(StagedNotes))]
internal sealed partial class StagedNotesJson : JsonSerializerContext;
