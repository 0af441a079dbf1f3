namespace Berth.Metadata;

/// <summary>For a database that one process has to itself: it always leads.</summary>
public sealed class SoleLeadership : ILeadership
{
    /// <inheritdoc/>
    public Task<ILeadershipTerm?> TryBeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<ILeadershipTerm?>(new Term());
    }

    private sealed class Term : ILeadershipTerm
    {
        public long Epoch => 1;

        public Task<bool> IsCurrentAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
