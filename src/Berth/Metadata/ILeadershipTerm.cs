namespace Berth.Metadata;

/// <summary>A node's time as the leader.</summary>
public interface ILeadershipTerm : IAsyncDisposable
{
    /// <summary>Counts the terms of the database: one that begins later has a greater number.</summary>
    long Epoch { get; }

    /// <summary>Whether no other term has begun since. Asked between two pieces of work.</summary>
    Task<bool> IsCurrentAsync(CancellationToken cancellationToken);
}
