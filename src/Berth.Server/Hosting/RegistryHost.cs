using System.Net;
using Berth.Server.Protocol;
using Berth.Server.Transport;
using Microsoft.AspNetCore.Connections;

namespace Berth.Server.Hosting;

/// <summary>The registry as a server of its own.</summary>
internal static class RegistryHost
{
    /// <summary>Builds the server, ready to start.</summary>
    /// <param name="endpoints">Where it listens; port zero takes a free one.</param>
    public static WebApplication Build(BerthOptions options, IReadOnlyList<IPEndPoint> endpoints, LogLevel logLevel = LogLevel.Information)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.SetMinimumLevel(logLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        builder.Services.AddRoutingCore();
        builder.Services.AddBerth(options);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true); // one thread from the request to its answer, as long as nothing waits
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BlockMemoryPoolFactory>(); // after Kestrel added its own: the last one counts
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel);
            foreach (var endpoint in endpoints)
            {
                kestrel.Listen(endpoint, listener => listener.UseSocketOutput(
                    kestrel.ApplicationServices.GetRequiredService<IMemoryPoolFactory<byte>>().Create()));
            }
        });

        var app = builder.Build();
        app.UseRouting();
        app.UseEndpoints(endpoints => // named, so that what no endpoint takes comes to the line after it
        {
            endpoints.MapBerth();
            endpoints.MapMethods("/", ["GET", "HEAD"], context =>
            {
                context.Response.Headers.CacheControl = "no-cache"; // as distribution: a sign of life for balancers
                return Answer.Empty(context, StatusCodes.Status200OK);
            });
        });
        var registry = app.Services.GetRequiredService<RegistryEndpoint>();
        app.Run(context => registry.InvokeAsync(context, path: null));
        return app;
    }
}
