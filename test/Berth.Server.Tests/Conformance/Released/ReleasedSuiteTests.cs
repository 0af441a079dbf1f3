using Berth.Server.Tests.Protocol;

namespace Berth.Server.Tests.Conformance.Released;

/// <summary>The suite of the specification's 1.1 releases: its four workflows, each alone and all in order.</summary>
public sealed class ReleasedSuiteTests
{
    [Fact]
    public Task Pull_passes() => RunAsync(run => new PullWorkflow(run).RunAsync());

    [Fact]
    public Task Push_passes() => RunAsync(run => new PushWorkflow(run).RunAsync());

    [Fact]
    public Task Content_discovery_passes() => RunAsync(run => new ContentDiscoveryWorkflow(run).RunAsync());

    [Fact]
    public Task Content_management_passes() => RunAsync(run => new ContentManagementWorkflow(run).RunAsync());

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public Task All_workflows_pass_in_order(bool isChunked, bool deletesManifestsFirst) => RunAsync(
        async run =>
        {
            await new PullWorkflow(run).RunAsync();
            await new PushWorkflow(run).RunAsync();
            await new ContentDiscoveryWorkflow(run).RunAsync();
            await new ContentManagementWorkflow(run).RunAsync();
        },
        isChunked,
        deletesManifestsFirst);

    private static async Task RunAsync(Func<ReleasedRun, Task> workflow, bool isChunked = false, bool deletesManifestsFirst = true)
    {
        await using var registry = await RegistryFixture.StartAsync();
        await workflow(new ReleasedRun(new ConformanceClient(registry.Client, isChunked), deletesManifestsFirst));
    }
}
