using Berth.Metadata;

namespace Berth.Migration;

/// <summary>The target's leadership, and with it the certainty that no server starts on it: begun again when its connection was lost.</summary>
/// <param name="claim">Asks whether the target may still be moved into; throws when not.</param>
internal sealed class TargetTerm(ILeadership leadership, Func<CancellationToken, Task> claim) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private ILeadershipTerm? _term;

    /// <exception cref="MigrationRefusedException">Something else is at work on the target, or it may not be moved into any more.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_term is null || !await _term.IsCurrentAsync(cancellationToken))
            {
                await EndAsync();
                _term = await leadership.TryBeginAsync(cancellationToken)
                    ?? throw new MigrationRefusedException("Something else is at work on the target: another migration, or a registry.", isTemporary: true);
            }

            await claim(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _gate.Dispose();
    }

    private async ValueTask EndAsync()
    {
        if (_term is not null)
        {
            await _term.DisposeAsync();
            _term = null;
        }
    }
}
