using Berth.Metadata.Sqlite;
using Berth.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteSchemaTests : IAsyncDisposable
{
    private static readonly string[] First = ["CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT; INSERT INTO numbers VALUES (1)"];
    private static readonly string[] Both = [.. First, "ALTER TABLE numbers ADD COLUMN name TEXT; UPDATE numbers SET name = 'one'"];

    private readonly SqliteTestDatabase _database = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public void A_new_database_goes_through_all_migrations()
    {
        Migrate(Both);

        Assert.Equal(2, Read("PRAGMA user_version", row => row.GetInt32(0)));
        Assert.Equal("one", Read("SELECT name FROM numbers", row => row.GetString(0)));
    }

    [Fact]
    public void An_older_database_goes_through_those_it_lacks_and_keeps_its_rows()
    {
        Migrate(First);
        _database.Damage("INSERT INTO numbers VALUES (2)");

        Migrate(Both);
        Migrate(Both);

        Assert.Equal("one one", Read("SELECT group_concat(name, ' ') FROM numbers", row => row.GetString(0)));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_version_before_it()
    {
        string[] bad = [.. First, "INSERT INTO numbers VALUES (2); INSERT INTO numbers VALUES (2)"];

        Assert.Throws<SqliteException>(() => Migrate(bad));

        Assert.Equal(1, Read("PRAGMA user_version", row => row.GetInt32(0)));
        Assert.Equal(1, Read("SELECT count(*) FROM numbers", row => row.GetInt32(0)));
        Migrate(Both);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_unchanged()
    {
        await (await _database.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();
        _database.Damage($"CREATE TABLE future (x); INSERT INTO future VALUES (1); PRAGMA user_version = {SqliteMigrations.All.Count + 1}");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => _database.OpenAsync(TimeProvider.System, Cancellation));

        Assert.Contains("newer program", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageException>(() => SqliteMetadataStore.OpenReadOnlyAsync(_database.Path, TimeProvider.System, Cancellation));
        Assert.Equal(1, Read("SELECT count(*) FROM future", row => row.GetInt32(0)));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused()
    {
        _database.Damage("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");

        var refusal = await Assert.ThrowsAsync<StorageException>(() => _database.OpenAsync(TimeProvider.System, Cancellation));

        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_database_is_refused()
    {
        await File.WriteAllBytesAsync(_database.Path, new byte[8192].Select((_, index) => (byte)index).ToArray(), Cancellation);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => _database.OpenAsync(TimeProvider.System, Cancellation));

        Assert.False(refusal.IsTransient);
    }

    [Theory]
    [InlineData("3.51.2", false)]
    [InlineData("3.7.17", false)]
    [InlineData("3.51.3", true)]
    [InlineData("4.0.0", true)]
    public void Only_versions_of_SQLite_without_the_log_reset_bug_are_accepted(string version, bool isAccepted)
    {
        var refusal = Record.Exception(() => PreparedConnection.RequireVersion(version));

        Assert.Equal(isAccepted, refusal is null);
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("synchronous", "2")]
    [InlineData("foreign_keys", "1")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("mmap_size", "0")]
    [InlineData("wal_autocheckpoint", "0")]
    public void The_writer_works_with_the_settings_that_its_promises_need(string setting, string value)
    {
        using var connection = PreparedConnection.OpenWriter(_database.Path);

        Assert.Equal(value, connection.Find($"PRAGMA {setting}", row => row.GetString(0)));
    }

    private void Migrate(IReadOnlyList<string> migrations)
    {
        using var connection = PreparedConnection.OpenWriter(_database.Path);
        SqliteSchema.Migrate(connection, migrations, NullLogger.Instance, Cancellation);
    }

    private T Read<T>(string query, Func<SqliteDataReader, T> read) => Assert.Single(_database.Read(query, read));
}
