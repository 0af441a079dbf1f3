using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary>Moves a registry; returns an <see cref="ExitCode"/>.</summary>
/// <param name="parallelism">How many blobs to copy at once.</param>
internal delegate Task<int> MigrateAction(
    BerthConfiguration source, BerthConfiguration target, int parallelism, TextWriter output, CancellationToken cancellationToken);
