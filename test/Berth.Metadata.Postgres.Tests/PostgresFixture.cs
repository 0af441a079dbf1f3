using Berth.Metadata.Postgres.Tests;
using Berth.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Berth.Metadata.Postgres.Tests;

/// <summary>One server for all tests, started by the first one that wants it, so that it is that test which is skipped when there is no PostgreSQL.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private PostgresServer? _server;

    public static async Task<PostgresServer> GetServerAsync()
    {
        var fixture = await TestContext.Current.GetFixture<PostgresFixture>() ?? throw new InvalidOperationException("no test runs");
        return await fixture.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _server ??= await PostgresServer.StartAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }
}
