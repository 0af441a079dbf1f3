using System.Net;
using Berth.Server.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Berth.Server.Tests.Protocol;

/// <summary>A registry in this process on a real socket, with stores of its own.</summary>
public sealed class RegistryFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-");
    private BerthOptions _options;
    private WebApplication? _app;

    private RegistryFixture() => _options = new BerthOptions { DataFolder = Path.Combine(_folder.FullName, "data") };

    public HttpClient Client { get; private set; } = null!;

    public int Port => Client.BaseAddress!.Port;

    public string DataFolder => _options.DataFolder;

    public static async Task<RegistryFixture> StartAsync(Func<BerthOptions, BerthOptions>? configure = null)
    {
        var fixture = new RegistryFixture();
        fixture._options = await TestStores.ConfigureAsync(fixture._options);
        await fixture.RestartAsync(configure);
        return fixture;
    }

    /// <summary>Stops the registry and starts it again on the same folder, perhaps with other options.</summary>
    public async Task RestartAsync(Func<BerthOptions, BerthOptions>? configure = null)
    {
        await StopAsync();
        _options = configure?.Invoke(_options) ?? _options;
        _app = RegistryHost.Build(_options, [new IPEndPoint(IPAddress.Loopback, 0)]);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var file in _folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.Delete();
        }

        foreach (var folder in _folder.EnumerateDirectories("*", SearchOption.AllDirectories).OrderByDescending(folder => folder.FullName.Length).Append(_folder))
        {
            folder.Delete();
        }
    }

    /// <summary>Stops the registry; its folder can be used by others then.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            Client.Dispose();
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
            _app = null;
        }
    }
}
