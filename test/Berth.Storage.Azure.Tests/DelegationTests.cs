using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Storage.Azure.Tests;

/// <summary>Addresses that are signed with a key that the service gives to whoever comes with a token.</summary>
/// <remarks>The emulator gives such keys, but it is older than the SDK and signs other words than it: nothing is read by these addresses here.</remarks>
public sealed class DelegationTests : IAsyncLifetime
{
    private readonly AzuriteServer _server = new() { HasTokens = true };
    private readonly ListLogger<AzureSigner> _log = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private HttpClientTransport? _transport;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private AzureOptions Options => new()
    {
        AccountName = AzuriteServer.AccountName,
        CredentialsType = "default_credentials",
        ServiceUrl = _server.Address.ToString(),
        Container = "c",
        SkipVerify = true, // the certificate is the emulator's own
    };

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _transport = AzureClients.CreateTransport(Options);
    }

    public ValueTask DisposeAsync()
    {
        _transport?.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task An_address_is_signed_with_a_key_that_is_asked_for_once_in_hours()
    {
        var tokens = new UnsignedTokens(hasAny: true);
        var client = Client(tokens);
        using var signer = new AzureSigner(Options, client, _time, _log);
        var blob = client.GetBlobContainerClient("c").GetBlobClient("blob");

        var url = await signer.SignAsync(blob, Token);
        _time.Advance(TimeSpan.FromHours(3));
        var later = await signer.SignAsync(blob, Token);
        _time.Advance(TimeSpan.FromHours(1));
        var muchLater = await signer.SignAsync(blob, Token);

        Assert.Contains("skoid=object&sktid=tenant&", url!.Query, StringComparison.Ordinal);
        Assert.Contains("&spr=https&", url.Query, StringComparison.Ordinal);
        Assert.Equal(KeyOf(url), KeyOf(later!));
        Assert.NotEqual(KeyOf(url), KeyOf(muchLater!));
    }

    [Fact]
    public async Task Without_a_key_to_sign_there_is_no_address_for_a_while_and_a_warning_without_secrets()
    {
        var tokens = new UnsignedTokens(hasAny: false);
        var client = Client(tokens);
        using var signer = new AzureSigner(Options, client, _time, _log);
        var blob = client.GetBlobContainerClient("c").GetBlobClient("blob");

        Assert.Null(await signer.SignAsync(blob, Token));
        Assert.Null(await signer.SignAsync(blob, Token));

        Assert.Equal(1, tokens.Asked);
        var entry = Assert.Single(_log.Entries);
        Assert.Equal(LogLevel.Warning, entry.Level);
        Assert.DoesNotContain("hunter2", entry.Text, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await signer.SignAsync(blob, Token));
        Assert.Equal(2, tokens.Asked);
    }

    [Fact]
    public async Task A_client_that_goes_away_costs_nobody_else_the_addresses()
    {
        var client = Client(new UnsignedTokens(hasAny: true));
        using var signer = new AzureSigner(Options, client, _time, _log);
        var blob = client.GetBlobContainerClient("c").GetBlobClient("blob");
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await signer.SignAsync(blob, gone.Token));

        Assert.NotNull(await signer.SignAsync(blob, Token));
    }

    /// <summary>From when the key is good: another key has another time.</summary>
    private static string KeyOf(Uri url) => url.Query.Split('&', '?').Single(part => part.StartsWith("skt=", StringComparison.Ordinal));

    private BlobServiceClient Client(UnsignedTokens tokens) => new(
        _server.Address, tokens, new BlobClientOptions { Transport = _transport!, Diagnostics = { IsLoggingEnabled = false } });
}
