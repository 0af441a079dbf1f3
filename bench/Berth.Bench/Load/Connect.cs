namespace Berth.Bench.Load;

/// <summary>Makes one more client of a load.</summary>
internal delegate ValueTask<ILoadClient> Connect(CancellationToken cancellationToken);
