using System.Text.Json.Serialization;
using Berth.Bench.Measuring;

namespace Berth.Bench.Reporting;

/// <summary>Source-generated JSON of the results.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Measurement))]
internal sealed partial class BenchJson : JsonSerializerContext;
