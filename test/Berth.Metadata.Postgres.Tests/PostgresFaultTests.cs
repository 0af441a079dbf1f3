using Berth.Storage;
using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresFaultTests : MetadataStoreContract<PostgresTestDatabase>
{
    [Fact]
    public async Task Changes_whose_connections_are_terminated_are_made_again_and_once()
    {
        const int Count = 200;
        await using var store = await Database.OpenStoreAsync();
        var rows = Enumerable.Range(0, Count).Select(_ => NewUpload(App)).ToList();
        var terminated = 0L;
        await Parallel.ForEachAsync(
            rows.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (row, cancellationToken) =>
            {
                if (row.Index % 10 == 0)
                {
                    Interlocked.Add(ref terminated, await Database.ReadAsync<long>(
                        $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{Database.Schema}'"));
                }

                await store.Uploads.CreateAsync(row.Item, cancellationToken);
                Assert.True(await store.Uploads.AttachAsync(row.Item, Sample.DigestOf($"{row.Index}"), 1, damaged: null, cancellationToken));
            });

        Assert.True(terminated > 0);
        Assert.Equal(Count, await store.Inspection.ListBlobsAsync(Cancellation).CountAsync(Cancellation));
        Assert.Empty(await store.Inspection.ListUploadsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await store.PendingDeletes.ListAsync(after: null, 10, Cancellation));
    }

    [Fact]
    public async Task A_change_that_is_chosen_to_end_a_deadlock_is_made_again()
    {
        await Database.ExecuteAsync(
            $"""
            CREATE SEQUENCE {Database.Schema}.attempts;
            CREATE FUNCTION {Database.Schema}.give_up() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('{Database.Schema}.attempts') < 3 THEN RAISE 'made up' USING ERRCODE = '40P01'; END IF;
                    RETURN NEW;
                END $$;
            CREATE TRIGGER give_up BEFORE INSERT ON {Database.Schema}.uploads FOR EACH ROW EXECUTE FUNCTION {Database.Schema}.give_up();
            """);
        await using var store = await Database.OpenStoreAsync(); // whose clock goes by itself
        var upload = NewUpload(App);

        await store.Uploads.CreateAsync(upload, Cancellation);

        Assert.Equal(upload, await store.Uploads.FindAsync(App, upload.Id, Cancellation));
        Assert.Equal(3, await Database.ReadAsync<long>("SELECT last_value FROM attempts"));
    }

    [Theory]
    [InlineData("53100", true)]
    [InlineData("55P03", true)]
    [InlineData("57014", true)]
    [InlineData("25006", true)]
    [InlineData("XX001", false)]
    [InlineData("42501", false)]
    public async Task What_the_server_cannot_do_is_a_fault(string code, bool isTransient)
    {
        await FailWithAsync(code);

        var fault = await Assert.ThrowsAsync<StorageException>(() => StartUploadAsync(App));

        Assert.Equal(isTransient, fault.IsTransient);
    }

    [Theory]
    [InlineData("23514")]
    [InlineData("22003")]
    [InlineData("42P01")]
    public async Task A_statement_that_is_wrong_is_an_error_of_the_program(string code)
    {
        await FailWithAsync(code);

        await Assert.ThrowsAsync<InvalidOperationException>(() => StartUploadAsync(App));
    }

    [Fact]
    public async Task A_column_that_holds_no_such_value_is_damage()
    {
        var blob = await PushBlobAsync(App, "hello");
        await Database.ExecuteAsync($"UPDATE {Database.Schema}.blobs SET key = 'x'");

        var fault = await Assert.ThrowsAsync<StorageException>(() => Store.Blobs.FindAsync(App, blob.Digest, Cancellation));

        Assert.False(fault.IsTransient);
    }

    private Task FailWithAsync(string code) => Database.ExecuteAsync(
        $"""
        CREATE FUNCTION {Database.Schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'made up' USING ERRCODE = '{code}'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON {Database.Schema}.uploads FOR EACH ROW EXECUTE FUNCTION {Database.Schema}.fail();
        """);
}
