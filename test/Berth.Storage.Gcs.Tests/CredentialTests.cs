using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Gcs.Tests;

/// <summary>A server that wants tokens and signatures of a service account.</summary>
public sealed class CredentialTests : IAsyncLifetime
{
    private static readonly byte[] Content = [1, 2, 3];

    private readonly GcsAccount _account = new();
    private readonly GcsServer _server;

    public CredentialTests() => _server = new GcsServer { Account = _account };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private GcsOptions Options => new()
    {
        Bucket = GcsObjects.Bucket,
        Service = _server.Address,
        Credentials = _account.ToJson(_server.Address),
        RootDirectory = "a b/ü",
        MaxRetries = 0,
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _account.Dispose();
    }

    [Fact]
    public async Task A_token_is_asked_for_once()
    {
        using var store = await OpenAsync(Options);
        var key = NewKey();

        await store.PushAsync(key, Content, Token);

        Assert.Equal(Content, await store.PullAsync(key, Token));
        Assert.Equal(1, _account.Tokens);
    }

    [Fact]
    public async Task A_key_can_be_in_a_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.FullPath, "key.json");
        await File.WriteAllTextAsync(path, Options.Credentials, Token);

        using var store = await OpenAsync(Options with { Credentials = null, KeyFile = path });

        Assert.Equal(1, _account.Tokens);
        Assert.NotNull(await store.FindUrlAsync(NewKey(), DigestOf(Content), "GET", null, Token));
    }

    [Fact]
    public async Task An_address_gives_the_object_without_credentials_and_nothing_else()
    {
        using var store = await OpenAsync(Options);
        var key = NewKey();
        await store.PushAsync(key, Content, Token);
        using var client = new HttpClient();

        var url = await store.FindUrlAsync(key, DigestOf(Content), "GET", null, Token);
        var head = await store.FindUrlAsync(key, DigestOf(Content), "HEAD", null, Token);

        Assert.Equal(Content, await client.GetByteArrayAsync(url, Token));
        using var deletion = await client.DeleteAsync(url, Token);
        Assert.Equal(HttpStatusCode.Forbidden, deletion.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Head, head);
        using var found = await client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Null(await store.FindUrlAsync(key, DigestOf(Content), "PUT", null, Token));
    }

    [Fact]
    public async Task An_address_is_good_for_twenty_minutes()
    {
        using var store = GcsBlobStore.Create(
            Options, new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)), NullLogger<GcsBlobStore>.Instance);

        var url = await store.FindUrlAsync(NewKey(), DigestOf(Content), "GET", null, Token);

        Assert.Contains("X-Goog-Date=20260101T120000Z&X-Goog-Expires=1200&", url!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_there_is_no_address()
    {
        using var store = GcsBlobStore.Create(
            Options with { Credentials = null, EmulatorHost = "localhost:1" }, TimeProvider.System, NullLogger<GcsBlobStore>.Instance);

        Assert.Null(await store.FindUrlAsync(NewKey(), DigestOf(Content), "GET", null, Token));
    }

    [Fact]
    public async Task A_key_of_somebody_else_is_named_and_never_shown()
    {
        using var other = new GcsAccount();

        var fault = await RefusedAsync(Options with { Credentials = other.ToJson(_server.Address) });

        Assert.False(fault.IsTransient);
        Assert.Contains("the service for tokens refuses the configured credentials", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(other.PrivateKey.Split('\n')[1], fault.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(GcsAccount.Email, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("", "has no credentials")]
    [InlineData("{", "has no credentials")]
    [InlineData("[]", "has no credentials")]
    [InlineData("{\"type\":\"hunter2\"}", "has no credentials")]
    [InlineData("{\"type\":\"service_account\",\"client_email\":\"a\",\"private_key\":\"hunter2\"}", "has no credentials")]
    public async Task A_file_that_is_no_key_is_named_and_never_shown(string? text, string words)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.FullPath, "key.json");
        if (text is not null)
        {
            await File.WriteAllTextAsync(path, text, Token);
        }

        var fault = await RefusedAsync(Options with { Credentials = null, KeyFile = path });

        Assert.False(fault.IsTransient);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_for_tokens_that_is_away_may_come_back()
    {
        var json = JsonNode.Parse(Options.Credentials!)!;
        json["token_uri"] = $"http://127.0.0.1:{LoopbackPort.FindFree()}/token";

        var fault = await RefusedAsync(Options with { Credentials = json.ToJsonString() });

        Assert.True(fault.IsTransient);
        Assert.Contains("the service for tokens does not answer", fault.Message, StringComparison.Ordinal);
    }

    private static Task<GcsBlobStore> OpenAsync(GcsOptions options) =>
        GcsBlobStore.OpenAsync(options, TimeProvider.System, NullLogger<GcsBlobStore>.Instance, Token);

    private static async Task<StorageException> RefusedAsync(GcsOptions options) => await Assert.ThrowsAsync<StorageException>(() => OpenAsync(options));
}
