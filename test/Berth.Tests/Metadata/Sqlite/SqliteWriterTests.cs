using Berth.Metadata.Sqlite;
using Berth.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteWriterTests : IAsyncDisposable
{
    private readonly SqliteTestDatabase _database = new();
    private readonly SqliteWriter _writer;

    public SqliteWriterTests()
    {
        var connection = PreparedConnection.OpenWriter(_database.Path);
        connection.ExecuteScript("CREATE TABLE numbers (number INTEGER PRIMARY KEY, content BLOB) STRICT");
        _writer = new SqliteWriter(connection, new SqliteMemory(isWriterHere: true), NullLogger.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_change_that_fails_leaves_its_neighbours_in_the_transaction_alone()
    {
        using var gate = Hold();
        var before = InsertAsync(1);
        var thrown = _writer.RunAsync(
            connection =>
            {
                Insert(connection, 2);
                throw new NotSupportedException("of the caller");
            },
            Cancellation);
        var broken = _writer.RunAsync(
            connection =>
            {
                Insert(connection, 3);
                Insert(connection, 1);
            },
            Cancellation);
        var after = InsertAsync(4);
        gate.Open();

        await before;
        await after;
        Assert.Equal("of the caller", (await Assert.ThrowsAsync<NotSupportedException>(() => thrown)).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        Assert.Equal([1, 4], Numbers());
    }

    [Fact]
    public async Task Callers_hear_of_their_changes_only_after_the_common_commit()
    {
        using var first = Hold();
        var change = InsertAsync(1);
        using var last = new Gate(_writer);
        first.Open();
        last.WaitUntilHeld(); // in the transaction in which the change was made before

        Assert.False(change.IsCompleted);
        Assert.Empty(Numbers());

        last.Open();
        await change;
        Assert.Equal([1], Numbers());
    }

    [Fact]
    public async Task A_change_that_is_cancelled_while_it_waits_does_not_happen()
    {
        using var cancellation = new CancellationTokenSource();
        using var gate = Hold();
        var change = _writer.RunAsync(connection => Insert(connection, 1), cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change); // although the writer is still held

        gate.Open();
        await InsertAsync(2);
        Assert.Equal([2], Numbers());
    }

    [Fact]
    public async Task A_change_that_is_cancelled_while_it_runs_says_how_it_ended()
    {
        using var cancellation = new CancellationTokenSource();
        var change = _writer.RunAsync(
            connection =>
            {
                cancellation.Cancel();
                Insert(connection, 1);
            },
            cancellation.Token);

        await change;

        Assert.Equal([1], Numbers());
    }

    [Fact]
    public async Task A_caller_hears_the_truth_whenever_it_cancels()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 2_000).Select(CancelInPassingAsync));

        Assert.Equal(outcomes.Where(number => number is not null).Select(number => number!.Value), Numbers());
    }

    [Fact]
    public async Task More_changes_than_the_queue_holds_wait_for_room()
    {
        const int Count = 3_000;
        using var cancellation = new CancellationTokenSource();
        using var gate = Hold();
        var changes = Enumerable.Range(1, Count).Select(InsertAsync).ToList();
        var impatient = _writer.RunAsync(connection => Insert(connection, 0), cancellation.Token);
        await cancellation.CancelAsync();
        gate.Open();

        await Task.WhenAll(changes);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.Equal(Enumerable.Range(1, Count), Numbers());
    }

    [Fact]
    public async Task Closing_finishes_what_waits_and_refuses_what_comes_later()
    {
        using var gate = Hold();
        var changes = Enumerable.Range(1, 3_000).Select(InsertAsync).ToList();
        var closing = _writer.DisposeAsync();
        gate.Open();
        await closing;

        Assert.False(File.Exists($"{_database.Path}-wal"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => InsertAsync(0));
        var outcomes = await Task.WhenAll(changes.Select(change => change.ContinueWith(ended => ended.IsCompletedSuccessfully, TaskScheduler.Default)));
        Assert.Equal(outcomes.Count(succeeded => succeeded), Numbers().Count);
        Assert.True(Numbers().Count >= 1024); // what was in the queue
        Assert.All(changes.Where(change => change.IsFaulted), change => Assert.IsType<ObjectDisposedException>(change.Exception!.InnerException));
    }

    [Fact]
    public async Task A_full_disk_fails_the_transaction_and_not_the_ones_after_it()
    {
        await _writer.RunAsync(connection => connection.ExecuteScript("PRAGMA max_page_count = 20"), Cancellation);
        using var gate = Hold();
        var small = InsertAsync(1);
        var large = _writer.RunAsync(connection => Insert(connection, 2, new byte[1024 * 1024]), Cancellation);
        gate.Open();

        Assert.True((await Assert.ThrowsAsync<StorageException>(() => large)).IsTransient);
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => small)).IsTransient); // its transaction is gone
        Assert.Empty(Numbers());
        Assert.False(_writer.Broken.IsCompleted);

        await InsertAsync(3);
        Assert.Equal([3], Numbers());
    }

    [Fact]
    public async Task Another_process_s_transaction_is_waited_for()
    {
        using var other = PreparedConnection.OpenWriter(_database.Path);
        other.Execute("BEGIN IMMEDIATE");
        Insert(other, 1);
        var change = InsertAsync(2);
        other.Execute("COMMIT");

        await change;

        Assert.Equal([1, 2], Numbers());
    }

    [Fact]
    public async Task Another_process_s_transaction_that_takes_too_long_is_a_fault_that_may_pass()
    {
        using var other = PreparedConnection.OpenWriter(_database.Path);
        other.Execute("BEGIN IMMEDIATE");

        Assert.True((await Assert.ThrowsAsync<StorageException>(() => InsertAsync(1))).IsTransient);

        other.Execute("ROLLBACK");
        await InsertAsync(2);
        Assert.Equal([2], Numbers());
    }

    /// <returns>Null when the change was cancelled.</returns>
    private async Task<int?> CancelInPassingAsync(int number)
    {
        using var cancellation = new CancellationTokenSource();
        var change = _writer.RunAsync(connection => Insert(connection, number), cancellation.Token);
        var cancelling = cancellation.CancelAsync(); // on another thread
        try
        {
            await change;
            return number;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            await cancelling;
        }
    }

    private static void Insert(PreparedConnection connection, int number, byte[]? content = null) =>
        connection.Execute("INSERT INTO numbers VALUES (?1, ?2)", number, content);

    private Task InsertAsync(int number) => _writer.RunAsync(connection => Insert(connection, number), Cancellation);

    private IReadOnlyList<int> Numbers() => _database.Read("SELECT number FROM numbers ORDER BY number", row => row.GetInt32(0));

    private Gate Hold()
    {
        var gate = new Gate(_writer);
        gate.WaitUntilHeld();
        return gate;
    }

    /// <summary>A change that holds the writer until it is let go, so that what is queued meanwhile shares one transaction.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _held = new();
        private readonly ManualResetEventSlim _open = new();
        private readonly Task _change;

        public Gate(SqliteWriter writer) => _change = writer.RunAsync(
            _ =>
            {
                _held.Set();
                _open.Wait();
            },
            CancellationToken.None);

        public void WaitUntilHeld() => _held.Wait(Cancellation);

        public void Open() => _open.Set();

        public void Dispose()
        {
            _open.Set();
            _change.ContinueWith(_ => { }, TaskScheduler.Default).Wait(Cancellation);
            _held.Dispose();
            _open.Dispose();
        }
    }
}
