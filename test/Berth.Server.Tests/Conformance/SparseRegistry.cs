using Berth.Manifests;
using Berth.Server.Hosting;

namespace Berth.Server.Tests.Conformance;

/// <summary>A registry that takes manifests before what they name: what the suite's optional sparse tests need.</summary>
public sealed class SparseRegistry : ConformanceRegistry
{
    protected override BerthOptions Configure(BerthOptions options) => options with
    {
        Registry = options.Registry with { Demands = new ManifestDemands { IsSparseAllowed = true, IndexPlatforms = IndexPlatforms.None } },
    };
}
