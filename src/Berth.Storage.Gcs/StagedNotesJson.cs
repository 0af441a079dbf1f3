using System.Text.Json.Serialization;

namespace Berth.Storage.Gcs;

[JsonSerializable(typeof(StagedNotes))]
internal sealed partial class StagedNotesJson : JsonSerializerContext;
