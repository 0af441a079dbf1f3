using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary>Runs the registry until it is told to stop; returns an <see cref="ExitCode"/>.</summary>
internal delegate Task<int> ServeAction(BerthConfiguration configuration, CancellationToken cancellationToken);
