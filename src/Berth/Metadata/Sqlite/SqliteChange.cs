namespace Berth.Metadata.Sqlite;

/// <summary>One change on its way through the writer. It is claimed once, by the writer to run it or by its caller to cancel it.</summary>
internal sealed class SqliteChange(Action<PreparedConnection> apply)
{
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _claimed;
    private Exception? _failure;

    /// <summary>Ends when the change is durable, failed or cancelled.</summary>
    public Task Outcome => _outcome.Task;

    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    public void Cancel(CancellationToken cancellationToken)
    {
        if (TryClaim())
        {
            _outcome.SetCanceled(cancellationToken);
        }
    }

    public void Apply(PreparedConnection connection) => apply(connection);

    /// <summary>Notes what the caller is to be told at the end. The first failure counts.</summary>
    public void Fail(Exception failure) => _failure ??= failure;

    /// <summary>Tells the caller.</summary>
    public void Complete()
    {
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
