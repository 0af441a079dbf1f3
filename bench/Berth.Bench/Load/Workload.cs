using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>What the clients of a run do.</summary>
/// <param name="Client">Makes the operation of one more client, which has that connection for itself.</param>
internal sealed record Workload(Func<RegistryConnection, Operation> Client)
{
    /// <summary>Tells of an operation's number whether its time counts. CPU, bytes and operations per second are always of all of them.</summary>
    public Func<long, bool> IsTimed { get; init; } = _ => true;
}
