using Berth.Metadata.Sqlite;
using Berth.Storage;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteReadersTests : IAsyncDisposable
{
    private readonly SqliteTestDatabase _database = new();
    private readonly SqliteReaders _readers;

    public SqliteReadersTests()
    {
        using var writer = PreparedConnection.OpenWriter(_database.Path);
        writer.ExecuteScript("CREATE TABLE numbers (number INTEGER PRIMARY KEY) STRICT");
        _readers = new SqliteReaders(_database.Path);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public void A_read_is_done_when_the_call_returns()
    {
        var read = _readers.RunAsync(connection => connection.Find("SELECT 1", row => row.GetInt32(0)), Cancellation);

        Assert.True(read.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_read_waits_while_all_connections_are_in_use()
    {
        using var gate = new ManualResetEventSlim();
        using var inUse = new CountdownEvent(SqliteReaders.Count);
        var threads = Enumerable.Range(0, SqliteReaders.Count).Select(_ => Occupy(inUse, gate)).ToList();
        inUse.Wait(Cancellation);

        using var cancellation = new CancellationTokenSource();
        var impatient = _readers.RunAsync(_ => 1, cancellation.Token);
        var patient = _readers.RunAsync(_ => 2, Cancellation);
        Assert.False(patient.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        gate.Set();
        Assert.Equal(2, await patient);
        threads.ForEach(thread => thread.Join());
    }

    [Fact]
    public async Task A_failed_read_gives_its_connection_back()
    {
        for (var round = 0; round <= SqliteReaders.Count; round++)
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => _readers.RunAsync<int>(_ => throw new NotSupportedException(), Cancellation));
        }
    }

    [Fact]
    public async Task A_reader_cannot_change_anything() =>
        await Assert.ThrowsAsync<StorageException>(
            () => _readers.RunAsync(connection => connection.Execute("INSERT INTO numbers VALUES (1)"), Cancellation));

    private Thread Occupy(CountdownEvent inUse, ManualResetEventSlim gate)
    {
        var thread = new Thread(() => _readers.RunAsync(
            _ =>
            {
                inUse.Signal();
                gate.Wait();
                return 0;
            },
            CancellationToken.None).GetAwaiter().GetResult());
        thread.Start();
        return thread;
    }
}
