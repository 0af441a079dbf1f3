namespace Berth.Metadata;

/// <summary>Which of the nodes that share a database does the background work that one is enough for.</summary>
/// <remarks>
/// It saves work, and nothing's safety hangs on it: whatever a leader changes is compared with what it has read, in the transaction
/// that changes it, so one that slept through the end of its term does no harm.
/// </remarks>
public interface ILeadership
{
    /// <summary>Begins a term, unless another node is in one. Disposing ends it.</summary>
    Task<ILeadershipTerm?> TryBeginAsync(CancellationToken cancellationToken);
}
