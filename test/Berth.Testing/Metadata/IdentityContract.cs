namespace Berth.Testing.Metadata;

public abstract class IdentityContract<TDatabase> : MetadataStoreContract<TDatabase>
    where TDatabase : ITestDatabase, new()
{
    private static readonly Guid Origin = Guid.CreateVersion7();

    [Fact]
    public async Task A_database_keeps_its_id_and_no_other_has_it()
    {
        var id = await Store.Identity.GetIdAsync(Cancellation);
        await using var other = new TDatabase();
        await using var second = await other.OpenAsync(Clock, Cancellation);
        await ReopenAsync();

        Assert.NotEqual(Guid.Empty, id);
        Assert.Equal(id, await Store.Identity.GetIdAsync(Cancellation));
        Assert.NotEqual(id, await second.Identity.GetIdAsync(Cancellation));
    }

    [Fact]
    public async Task A_new_database_is_claimed_for_one_origin_and_stays_so()
    {
        Assert.True(await Store.Identity.TryClaimAsync(Origin, Cancellation));
        await PushImageAsync(App, "app");
        await ReopenAsync();

        Assert.True(await Store.Identity.TryClaimAsync(Origin, Cancellation));
        Assert.False(await Store.Identity.TryClaimAsync(Guid.CreateVersion7(), Cancellation));
    }

    [Fact]
    public async Task What_was_served_is_never_claimed_again()
    {
        Assert.True(await Store.Identity.TryClaimAsync(Origin, Cancellation));
        Assert.False(await Store.Identity.IsServedAsync(Cancellation));
        await Store.Identity.MarkServedAsync(Cancellation);
        await Store.Identity.MarkServedAsync(Cancellation);
        await ReopenAsync();

        Assert.True(await Store.Identity.IsServedAsync(Cancellation));
        Assert.False(await Store.Identity.TryClaimAsync(Origin, Cancellation));
    }
}
