using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Berth.Testing.Storage.StoreCalls;

namespace Berth.Storage.Azure.Tests;

/// <summary>Clients read from the service by themselves.</summary>
public sealed class RedirectionTests(ContainerFixture container) : IClassFixture<ContainerFixture>
{
    private static readonly byte[] Content = [1, 2, 3];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_gives_the_object_without_credentials_and_nothing_else()
    {
        using var store = ContainerFixture.Open(await container.NewOptionsAsync());
        var key = NewKey();
        await store.PushAsync(key, Content, Token);
        using var client = new HttpClient();

        var url = await store.FindUrlAsync(key, DigestOf(Content), "GET", null, Token);

        Assert.Equal(Content, await client.GetByteArrayAsync(url, Token));
        using var deletion = await client.DeleteAsync(url, Token);
        Assert.Equal(HttpStatusCode.Forbidden, deletion.StatusCode);
        Assert.Null(await store.FindUrlAsync(key, DigestOf(Content), "PUT", null, Token));
        Assert.NotNull(await store.FindUrlAsync(key, DigestOf(Content), "HEAD", null, Token));
    }

    [Fact]
    public async Task An_address_is_good_for_twenty_minutes()
    {
        using var store = AzureBlobStore.Create(
            await container.NewOptionsAsync(),
            new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero)),
            NullLogger<AzureBlobStore>.Instance);

        var url = Uri.UnescapeDataString((await store.FindUrlAsync(NewKey(), DigestOf(Content), "GET", null, Token))!.Query);

        Assert.Contains("st=2026-01-01T11:45:00Z", url, StringComparison.Ordinal);
        Assert.Contains("se=2026-01-01T12:20:00Z", url, StringComparison.Ordinal);
        Assert.Contains("sp=r&", url, StringComparison.Ordinal);
    }
}
