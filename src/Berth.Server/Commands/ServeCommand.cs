using System.Net;
using System.Net.Sockets;
using Berth.Server.Authentication;
using Berth.Server.Configuration;
using Berth.Server.Hosting;
using Berth.Storage;
using Berth.Storage.FileSystem;

namespace Berth.Server.Commands;

/// <summary><c>berth serve</c>: runs the registry until it is told to stop.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(BerthConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var endpoints = await ResolveAsync(configuration.Http.Address, cancellationToken);
            await using var app = RegistryHost.Build(BerthOptions.From(configuration), endpoints, configuration.LogLevel);
            await app.StartAsync(cancellationToken);
            var notice = StartupNotice.Render(BerthVersion.Text, configuration, new Uri(app.Urls.First()).Port);
            await output.WriteLineAsync(notice.AsMemory(), cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return HasFailed(app.Services) ? ExitCode.Failure : ExitCode.Success;
        }
        catch (DataFolderInUseException inUse)
        {
            await error.WriteLineAsync(inUse.Message.AsMemory(), cancellationToken);
            return ExitCode.InUse;
        }
        catch (HtpasswdException refusal)
        {
            await error.WriteLineAsync(refusal.Message.AsMemory(), cancellationToken);
            return ExitCode.Usage;
        }
        catch (StorageException refusal) when (configuration is { Metadata.Postgres: not null } or { Storage.HasBucket: true } or { Redis: not null })
        {
            // A server that the configuration names is away, or does not accept what the configuration says.
            await error.WriteLineAsync(refusal.Message.AsMemory(), cancellationToken);
            return ExitCode.Usage;
        }
        catch (Exception fault) when (fault is DataFolderException or StorageException or SocketException or IOException)
        {
            await error.WriteLineAsync(fault.Message.AsMemory(), cancellationToken);
            return ExitCode.Failure;
        }
    }

    /// <summary>Whether the server stopped of itself, so that whoever supervises it starts it again.</summary>
    private static bool HasFailed(IServiceProvider services)
    {
        var registry = services.GetRequiredService<Registry>();
        return services.GetRequiredService<RegistryStores>().IsBroken
            || registry.Reaper.ExecuteTask is { IsFaulted: true }
            || registry.Purger.ExecuteTask is { IsFaulted: true };
    }

    /// <summary>A host name becomes all its addresses, and no host both families: what the operator meant by it.</summary>
    private static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(ListenAddress address, CancellationToken cancellationToken)
    {
        if (address.Ip is { } ip)
        {
            return [new IPEndPoint(ip, address.Port)];
        }

        if (address.IsEveryInterface)
        {
            return [new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port)];
        }

        var addresses = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
        return [.. addresses.Select(found => new IPEndPoint(found, address.Port))];
    }
}
