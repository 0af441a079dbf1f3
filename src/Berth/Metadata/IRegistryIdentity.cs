namespace Berth.Metadata;

/// <summary>Tells this registry from every other one, and whether another one may be moved into it.</summary>
/// <remarks>
/// What is moved makes the target equal to its source, and so deletes what the source does not have. It must never do so to a registry
/// that clients push to: one that has ever been served is no target any more.
/// </remarks>
public interface IRegistryIdentity
{
    /// <summary>Given to the database when it was made, and kept for ever.</summary>
    Task<Guid> GetIdAsync(CancellationToken cancellationToken);

    /// <summary>Whether it was ever served to clients.</summary>
    Task<bool> IsServedAsync(CancellationToken cancellationToken);

    /// <summary>Notes that the registry is served to clients.</summary>
    Task MarkServedAsync(CancellationToken cancellationToken);

    /// <summary>Reserves the registry for what is moved from <paramref name="origin"/>.</summary>
    /// <returns>True also when it is reserved so already, and then nothing is written. False, and no change, when it was ever served, or is reserved for another origin.</returns>
    Task<bool> TryClaimAsync(Guid origin, CancellationToken cancellationToken);
}
