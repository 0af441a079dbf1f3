using BenchmarkDotNet.Attributes;
using Berth.Server.Protocol;
using Microsoft.Extensions.Primitives;

namespace Berth.Benchmarks;

/// <summary>What every request goes through before anything is looked up. The budgets are the strings that the types keep, and nothing else.</summary>
public class ParsingBenchmarks
{
    private const string Text = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly Digest Known = Digest.Parse(Text);
    private static readonly StringValues Condition = $"W/\"{Text}\"";

    [Benchmark]
    [Budget(0)]
    public bool The_target_is_guarded() => PathGuard.IsUnambiguous("/v2/platform/team/app/manifests/v1.2.3?ns=registry.example");

    [Benchmark]
    [Budget(112)]
    public bool The_route_is_parsed() => RegistryRoute.Parse("/platform/team/app/manifests/v1.2.3") is not null;

    [Benchmark]
    [Budget(176)]
    public bool A_digest_is_parsed() => Digest.TryParse(Text, out _);

    [Benchmark]
    [Budget(0)]
    public bool A_condition_is_compared() => EntityTags.Matches(Condition, Known);

    [Benchmark]
    [Budget(0)]
    public bool A_range_is_parsed() => ByteRange.Parse("bytes=100-4095", size: 1 << 20) is not null;
}
