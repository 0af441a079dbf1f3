using System.CommandLine;
using Berth.Bench.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Berth.Bench.Commands;

/// <summary><c>serve-constant</c>: a bare Kestrel endpoint that returns the sample manifest from memory.</summary>
internal static class ServeConstantCommand
{
    public const string Path = "/constant";

    public static Command Create()
    {
        var url = UrlOption.Create("The address to listen on.");
        var command = new Command("serve-constant", "Serve a constant from a bare Kestrel, to compare with.") { url };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(parsed.GetRequiredValue(url).ToString());
            await using var app = builder.Build();

            var content = SampleImage.Small.Manifest;
            app.MapGet(Path, context =>
            {
                context.Response.ContentType = SampleImage.MediaType;
                context.Response.ContentLength = content.Length;
                return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
            });
            await app.RunAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
