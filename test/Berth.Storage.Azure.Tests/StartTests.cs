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
        Assert.Contains("the credentials or the network rules of the account do not allow it", fault.Message, StringComparison.Ordinal); // the emulator's code
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

    [Theory]
    [InlineData(403, "AuthenticationFailed", "the account's key or token is wrong, or the clock of this machine is")]
    [InlineData(403, "AuthorizationPermissionMismatch", "failed to write an object: the credentials do not allow it")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", "accepts no keys")]
    [InlineData(403, "AccountIsDisabled", "the storage account is disabled")]
    [InlineData(409, "BlobImmutableDueToPolicy", "a policy forbids")]
    public async Task What_the_emulator_does_not_say_is_put_into_words(int status, string code, string words)
    {
        var options = await container.NewOptionsAsync();
        await using var proxy = new FaultyProxy(container.Server.Address);
        var refusal = HttpMessage.Answer(
            status, $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>?sig=secret</Message></Error>", $"x-ms-error-code: {code}\r\n");
        proxy.Break(request => request.Method == "PUT", new ProxyFault(Instead: refusal), times: 50);

        var fault = await RefusedAsync(options with { ServiceUrl = new Uri(proxy.Address, options.AccountName).ToString() });

        Assert.False(fault.IsTransient);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_keeps_what_it_is_told_to_delete_is_refused()
    {
        var options = await container.NewOptionsAsync();
        await using var proxy = new FaultyProxy(container.Server.Address);
        proxy.Break(request => request.Method == "DELETE", new ProxyFault(Instead: HttpMessage.Answer(202, "")), times: 50);

        var fault = await RefusedAsync(options with { ServiceUrl = new Uri(proxy.Address, options.AccountName).ToString() });

        Assert.Contains("does not delete", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_may_do_so_later()
    {
        var options = await container.NewOptionsAsync();

        var fault = await RefusedAsync(options with { ServiceUrl = $"http://{IPAddress.Loopback}:{LoopbackPort.FindFree()}/{options.AccountName}" });

        Assert.True(fault.IsTransient);
        Assert.Contains("the connection failed", fault.Message, StringComparison.Ordinal);
    }

    private static Task<AzureBlobStore> OpenAsync(AzureOptions options) =>
        AzureBlobStore.OpenAsync(options, TimeProvider.System, NullLogger<AzureBlobStore>.Instance, Token);

    private static async Task<StorageException> RefusedAsync(AzureOptions options) => await Assert.ThrowsAsync<StorageException>(() => OpenAsync(options));
}
