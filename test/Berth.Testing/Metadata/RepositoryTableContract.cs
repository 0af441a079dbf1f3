using Berth.Oci;

namespace Berth.Testing.Metadata;

public abstract class RepositoryTableContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    [Fact]
    public async Task A_repository_is_listed_from_its_first_manifest_to_its_last()
    {
        await PushBlobAsync(App, "a blob alone");
        Assert.Empty(await ListAsync());

        var image = await PushImageAsync(App, "app");
        Assert.Equal([App.Value], await ListAsync());

        await Store.Manifests.DeleteAsync(App, image.Digest, Cancellation);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Names_come_in_byte_order()
    {
        string[] names = ["a", "a-b", "a.b", "a/b", "a0", "a_b", "aa", "b"];
        foreach (var name in names.Reverse())
        {
            await PushImageAsync(RepositoryName.Parse(name), "app");
        }

        Assert.Equal(names, await ListAsync());
    }

    [Theory]
    [InlineData(null, 2, "a b")]
    [InlineData("", 2, "a b")]
    [InlineData("b", 2, "c d")]
    [InlineData("c", 9, "d")]
    [InlineData("d", 9, "")]
    [InlineData("bb", 1, "c")]
    [InlineData("Not a name", 1, "a")]
    [InlineData("c\0", 9, "d")]
    [InlineData("\u00ff\ud83d", 9, "")]
    public async Task A_page_begins_after_the_last_name_which_need_not_exist(string? last, int limit, string expected)
    {
        foreach (var name in "abcd")
        {
            await PushImageAsync(RepositoryName.Parse($"{name}"), "app");
        }

        Assert.Equal(expected, string.Join(' ', await Store.Repositories.ListAsync(last, limit, Cancellation)));
    }

    private async Task<IEnumerable<string>> ListAsync() =>
        (await Store.Repositories.ListAsync(last: null, 100, Cancellation)).Select(name => name.Value);
}
