using System.Text.Json.Serialization;
using Berth.Metadata;

namespace Berth.Server.Commands;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Finding))]
internal sealed partial class FsckJson : JsonSerializerContext;
