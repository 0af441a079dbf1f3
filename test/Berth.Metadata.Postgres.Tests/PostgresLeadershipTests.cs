using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresLeadershipTests : MetadataStoreContract<PostgresTestDatabase>
{
    [Fact]
    public async Task One_node_leads_at_a_time_and_each_term_has_a_greater_number()
    {
        await using var node = await Database.OpenStoreAsync();
        var first = await BeginAsync(Store);
        Assert.NotNull(first);
        Assert.Null(await BeginAsync(node));
        Assert.Null(await BeginAsync(Store));
        Assert.True(await first.IsCurrentAsync(Cancellation));

        await first.DisposeAsync();

        await using var second = await BeginAsync(node);
        Assert.NotNull(second);
        Assert.True(second.Epoch > first.Epoch);
        Assert.Null(await BeginAsync(Store));
    }

    [Fact]
    public async Task A_term_ends_with_its_connection_and_its_node_is_told()
    {
        await using var first = await BeginAsync(Store);
        Assert.NotNull(first);
        await Database.ReadAsync<long>(
            $"SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = '{Database.Schema}'"); // and waits
        await using var node = await Database.OpenStoreAsync();

        await using var second = await BeginAsync(node);

        Assert.NotNull(second);
        Assert.False(await first.IsCurrentAsync(Cancellation));
        Assert.False(await first.IsCurrentAsync(Cancellation));
        Assert.True(await second.IsCurrentAsync(Cancellation));
    }

    [Fact]
    public async Task A_term_is_over_when_another_one_has_begun_however_that_came_about()
    {
        await using var term = await BeginAsync(Store);
        Assert.NotNull(term);

        await Database.ExecuteAsync($"UPDATE {Database.Schema}.leadership SET epoch = epoch + 1");

        Assert.False(await term.IsCurrentAsync(Cancellation));
    }

    private static Task<ILeadershipTerm?> BeginAsync(IMetadataStore store) => store.Leadership.TryBeginAsync(Cancellation);
}
