using System.Text.Json.Serialization;

namespace Berth.Server.Protocol;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TagDocument))]
[JsonSerializable(typeof(TagMove))]
internal sealed partial class TagJson : JsonSerializerContext;
