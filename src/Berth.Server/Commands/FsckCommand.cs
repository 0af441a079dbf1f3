using System.Text.Json;
using Berth.Collection;
using Berth.Metadata;
using Berth.Server.Configuration;
using Berth.Server.Hosting;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Server.Commands;

/// <summary><c>berth fsck</c>: names every breach of an invariant. It changes nothing, and may run beside the registry.</summary>
internal static class FsckCommand
{
    public static async Task<int> RunAsync(
        BerthConfiguration configuration, bool deep, bool json, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await using var stores = await OpenStores.OpenReadOnlyAsync(
                BerthOptions.From(configuration), TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);
            var findings = 0;
            await foreach (var finding in new Fsck(stores.Metadata, stores.Blobs).RunAsync(deep, cancellationToken))
            {
                findings++;
                await output.WriteLineAsync(Render(finding, json).AsMemory(), cancellationToken);
            }

            if (!json)
            {
                await output.WriteLineAsync((findings == 0 ? "No findings." : $"{findings} findings.").AsMemory(), cancellationToken);
            }

            return findings == 0 ? ExitCode.Success : ExitCode.Findings;
        }
        catch (Exception fault) when (fault is DataFolderException or StorageException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(fault.Message.AsMemory(), cancellationToken);
            return ExitCode.Failure;
        }
    }

    /// <summary>As JSON, one document a line, so that a store with a million findings needs no memory for them.</summary>
    private static string Render(Finding finding, bool json) => json
        ? JsonSerializer.Serialize(finding, FsckJson.Default.Finding)
        : $"{finding.Invariant,-4} {finding.Subject}: {finding.Message}";
}
