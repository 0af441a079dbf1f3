using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary>Checks the data; returns an <see cref="ExitCode"/>.</summary>
/// <param name="deep">Whether to read and hash every blob.</param>
/// <param name="json">Whether to write findings as JSON, one document a line, and nothing else.</param>
internal delegate Task<int> FsckAction(
    BerthConfiguration configuration, bool deep, bool json, TextWriter output, CancellationToken cancellationToken);
