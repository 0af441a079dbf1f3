using System.Text.Json.Serialization;

namespace Berth.Storage.FileSystem;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DataFolderFormat))]
internal sealed partial class DataFolderJson : JsonSerializerContext;
