namespace Berth.Metadata.Sqlite;

/// <summary>One change on its way through the writer. Until the writer starts it, its caller can cancel it.</summary>
internal sealed class SqliteChange(Action<PreparedConnection> apply, Touch touch)
{
    private const int Waiting = 0;
    private const int Started = 1;
    private const int Cancelled = 2;

    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Waiting;
    private Exception? _failure;

    public Touch Touch => touch;

    /// <summary>Ends when the change is durable, failed or cancelled.</summary>
    public Task Outcome => _outcome.Task;

    /// <returns>False when the change was cancelled.</returns>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Started, Waiting) != Cancelled;

    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
        {
            _outcome.SetCanceled(cancellationToken);
        }
    }

    public void Apply(PreparedConnection connection) => apply(connection);

    /// <summary>Notes what the caller is to be told at the end. The first failure counts.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Tells the caller, unless the change was cancelled.</summary>
    public void Complete()
    {
        if (!TryStart()) // a transaction that failed at its beginning has started none of its changes
        {
            return;
        }

        if (_failure is null)
        {
            _outcome.SetResult();
        }
        else
        {
            _outcome.SetException(_failure);
        }
    }
}
