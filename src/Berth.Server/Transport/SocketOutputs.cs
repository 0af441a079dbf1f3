using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Berth.Server.Transport;

/// <summary>Gives connections a <see cref="SocketOutput"/> in place of Kestrel's own.</summary>
internal static class SocketOutputs
{
    /// <summary>For an endpoint without TLS, whose bytes go to the socket as they are.</summary>
    public static void UseSocketOutput(this IConnectionBuilder connections, MemoryPool<byte> pool) =>
        connections.Use(next => connection => RunAsync(connection, next, pool));

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, MemoryPool<byte> pool)
    {
        if (!OperatingSystem.IsLinux() || connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            await next(connection);
            return;
        }

        using var output = new SocketOutput(connection, socket, pool);
        connection.Transport = new Duplex(connection.Transport.Input, output);
        connection.Features.Set<IFileOutput>(output);
        await next(connection);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
