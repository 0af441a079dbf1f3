using Berth.Storage;
using Berth.Testing.Metadata;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresSchemaTests : IAsyncDisposable
{
    private static readonly string[] First = ["CREATE TABLE numbers (number integer PRIMARY KEY); INSERT INTO numbers VALUES (1)"];
    private static readonly string[] Both = [.. First, "ALTER TABLE numbers ADD COLUMN name text; UPDATE numbers SET name = 'one'"];

    private readonly PostgresTestDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_new_schema_goes_through_all_migrations_and_an_older_one_through_those_it_lacks()
    {
        await MigrateAsync(First);
        await _database.ExecuteAsync($"INSERT INTO {_database.Schema}.numbers VALUES (2)");

        await MigrateAsync(Both);
        await MigrateAsync(Both);

        Assert.Equal(2, await _database.ReadAsync<int>("SELECT version FROM schema_version"));
        Assert.Equal("one one", await _database.ReadAsync<string>("SELECT string_agg(name, ' ') FROM numbers"));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_version_before_it()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => MigrateAsync([.. First, "INSERT INTO numbers VALUES (2); INSERT INTO numbers VALUES (2)"]));

        Assert.Equal(1, await _database.ReadAsync<int>("SELECT version FROM schema_version"));
        Assert.Equal(1, await _database.ReadAsync<long>("SELECT count(*) FROM numbers"));
        await MigrateAsync(Both);
    }

    [Fact]
    public async Task Ten_nodes_may_start_at_once_on_an_empty_database()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _database.OpenStoreAsync()));

        Assert.Equal(PostgresMigrations.All.Count, await _database.ReadAsync<int>("SELECT version FROM schema_version"));
        Assert.Equal(1, await _database.ReadAsync<long>("SELECT count(*) FROM schema_version"));
        foreach (var store in stores)
        {
            Assert.Empty(await store.Repositories.ListAsync(last: null, 1, Cancellation));
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_refused_unchanged()
    {
        await (await _database.OpenStoreAsync()).DisposeAsync();
        await _database.ExecuteAsync($"UPDATE {_database.Schema}.schema_version SET version = version + 1");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => _database.OpenStoreAsync());

        Assert.False(refusal.IsTransient);
        Assert.Contains("newer program", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageException>(_database.OpenReadOnlyAsync);
        Assert.Equal(PostgresMigrations.All.Count + 1, await _database.ReadAsync<int>("SELECT version FROM schema_version"));
    }

    [Fact]
    public async Task A_schema_of_another_program_is_refused_and_an_empty_one_is_taken()
    {
        await _database.ExecuteAsync($"CREATE SCHEMA {_database.Schema}; CREATE TABLE {_database.Schema}.theirs (x integer)");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => _database.OpenStoreAsync());

        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
        await _database.ExecuteAsync($"DROP TABLE {_database.Schema}.theirs");
        await (await _database.OpenStoreAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_store_for_reading_makes_no_schema_and_takes_no_changes()
    {
        var refusal = await Assert.ThrowsAsync<StorageException>(_database.OpenReadOnlyAsync);
        Assert.Contains("start the server once", refusal.Message, StringComparison.Ordinal);
        Assert.False(await _database.ReadAsync<bool>($"SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = '{_database.Schema}')"));
        await using var writing = await _database.OpenStoreAsync();

        await using var reading = await _database.OpenReadOnlyAsync();

        var push = Sample.Push(Oci.RepositoryName.Parse("app"), Oci.Manifest.Parse("{}"u8.ToArray(), "application/x-unknown"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reading.Manifests.PutAsync(push, Cancellation));
        Assert.Empty(await writing.Manifests.PutAsync(push, Cancellation));
        Assert.NotNull(await reading.Manifests.FindAsync(push.Repository, push.Digest, Cancellation));
        Assert.Empty(await reading.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    private async Task MigrateAsync(IReadOnlyList<string> migrations)
    {
        var source = PostgresConnections.CreateSource(await _database.GetOptionsAsync(), isReadOnly: false);
        await using var database = new PostgresDatabase(source, TimeProvider.System, NullLogger.Instance, isReadOnly: false);
        await new PostgresSchema(database, _database.Schema, migrations, NullLogger.Instance).MigrateAsync(Cancellation);
    }
}
