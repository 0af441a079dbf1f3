using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Storage.Azure.Tests;

/// <summary>What is wrong with a container is said at the start, in words that help.</summary>
public sealed class StartTests(ContainerFixture container) : IClassFixture<ContainerFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_leaves_nothing_in_the_container()
    {
        var options = await container.NewOptionsAsync();

        using var store = await OpenAsync(options);

        Assert.Empty(await container.NamesAsync(options));
    }

    [Fact]
    public async Task A_wrong_key_is_named_and_never_shown()
    {
        var options = await container.NewOptionsAsync();

        var fault = await RefusedAsync(options with { AccountKey = "d3Jvbmc=" });

        Assert.False(fault.IsTransient);
        Assert.Contains("403", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("d3Jvbmc=", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_container_is_named()
    {
        var options = await container.NewOptionsAsync();

        var fault = await RefusedAsync(options with { Container = "no-such-container" });

        Assert.False(fault.IsTransient);
        Assert.Contains("there is no such container", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_refused()
    {
        var options = await container.NewOptionsAsync();
        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1));

        var fault = await Assert.ThrowsAsync<StorageException>(
            () => AzureBlobStore.OpenAsync(options, late, NullLogger<AzureBlobStore>.Instance, Token));

        Assert.False(fault.IsTransient);
        Assert.Contains("clock", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_may_do_so_later()
    {
        var options = await container.NewOptionsAsync();

        var fault = await RefusedAsync(options with { ServiceUrl = $"http://{IPAddress.Loopback}:{S3Server.FreePort()}/{options.AccountName}" });

        Assert.True(fault.IsTransient);
        Assert.Contains("the connection failed", fault.Message, StringComparison.Ordinal);
    }

    private static Task<AzureBlobStore> OpenAsync(AzureOptions options) =>
        AzureBlobStore.OpenAsync(options, TimeProvider.System, NullLogger<AzureBlobStore>.Instance, Token);

    private static async Task<StorageException> RefusedAsync(AzureOptions options) => await Assert.ThrowsAsync<StorageException>(() => OpenAsync(options));
}
