using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Berth.Server.Transport;

/// <summary>Gives connections a <see cref="SocketOutput"/> in place of Kestrel's own.</summary>
internal static class SocketOutputs
{
    /// <summary>For an endpoint without TLS, whose bytes go to the socket as they are.</summary>
    public static void UseSocketOutput(this IConnectionBuilder connections, MemoryPool<byte> pool)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        connections.Use(next => async connection =>
        {
            if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            {
                await next(connection);
                return;
            }

            var transport = connection.Transport;
            using var output = new SocketOutput(connection, socket, pool);
            connection.Transport = new Duplex(transport.Input, output);
            connection.Features.Set<IFileOutput>(output);
            await next(connection);
        });
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
