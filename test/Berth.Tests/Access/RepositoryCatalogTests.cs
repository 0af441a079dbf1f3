using Berth.Access;
using Berth.Repositories;

namespace Berth.Tests.Access;

public sealed class RepositoryCatalogTests : IAsyncDisposable
{
    private readonly EngineFixture _engine = EngineFixture.Create(new RegistryOptions
    {
        Access = Policies.Of(
            Policies.Rule("b/* c/** exact", Policies.Users("alice"), RepositoryAction.Pull),
            Policies.Rule("**/public", Policies.Users("bob"), RepositoryAction.Pull),
            Policies.Rule("**", Policies.Users("root"), RepositoryAction.Pull),
            Policies.Rule("d/**", Policies.Users("alice"), RepositoryAction.Push)),
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RepositoryCatalog Catalog => _engine.Registry.Repositories;

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task SEC_47_the_list_has_only_what_the_caller_may_pull()
    {
        await AddAsync("a/app", "b/app", "b/deep/app", "c/app", "c/deep/app", "d/app", "exact", "exact2", "x/public");

        Assert.Equal(["b/app", "c/app", "c/deep/app", "exact"], await ListAsync(Policies.User("alice")));
        Assert.Equal(["x/public"], await ListAsync(Policies.User("bob")));
        Assert.Equal(9, (await ListAsync(Policies.User("root"))).Length);
        Assert.Equal(9, (await ListAsync(Caller.Local)).Length);
        Assert.Empty(await ListAsync(Policies.User("mallory")));
        await Assert.ThrowsAsync<AccessDeniedException>(() => ListAsync(Policies.Nobody));
    }

    [Fact]
    public async Task A_token_needs_a_scope_of_its_own_to_list_and_sees_what_its_bearer_may_pull()
    {
        await AddAsync("a/app", "b/app", "c/app");

        Assert.Equal(["b/app", "c/app"], await ListAsync(Policies.Bearer("alice", canList: true)));
        await Assert.ThrowsAsync<AccessDeniedException>(() => ListAsync(Policies.Bearer("alice", canList: false, ("b/app", RepositoryAction.Pull))));
    }

    [Theory]
    [InlineData("alice", 1)]
    [InlineData("alice", 7)]
    [InlineData("bob", 1)]
    [InlineData("bob", 3)]
    public async Task Every_page_but_the_last_is_full_however_much_is_hidden_in_between(string user, int size)
    {
        await AddAsync([
            .. Enumerable.Range(0, 300).Select(index => $"a/hidden{index}"),
            .. Enumerable.Range(0, 300).Select(index => $"b/app{index}"),
            .. Enumerable.Range(0, 300).Select(index => $"b/hidden/app{index}"),
            "c/public", "m/public", "z/public", "exact",
        ]);
        var all = await ListAsync(Policies.User(user));

        var (paged, last) = (new List<string>(), (string?)null);
        while (true)
        {
            var page = await Catalog.ListAsync(Policies.User(user), last, size, Cancellation);
            paged.AddRange(page.Select(name => name.Value));
            if (page.Count < size)
            {
                break;
            }

            last = page[^1].Value;
        }

        Assert.Equal(user == "alice" ? 302 : 3, all.Length);
        Assert.Equal(all, paged);
    }

    private async Task<string[]> ListAsync(Caller caller) =>
        [.. (await Catalog.ListAsync(caller, last: null, 1000, Cancellation)).Select(name => name.Value)];

    private async Task AddAsync(params string[] repositories)
    {
        var manifest = Manifest.Parse("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}"""u8.ToArray(), MediaTypes.OciImageIndex);
        await Task.WhenAll(repositories.Select(name =>
            _engine.Registry.Manifests.PutAsync(Caller.Local, RepositoryName.Parse(name), Tag.Parse("latest"), manifest, [], Cancellation)));
    }
}
