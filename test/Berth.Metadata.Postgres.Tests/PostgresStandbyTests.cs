using Berth.Oci;
using Berth.Storage;
using Berth.Testing;
using Berth.Testing.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>A commit that waits for a synchronous standby which is away.</summary>
public sealed class PostgresStandbyTests : IAsyncLifetime
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private PostgresServer _server = null!;
    private NpgsqlDataSource _operator = null!;
    private PostgresMetadataStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Cancellation);
        _operator = NpgsqlDataSource.Create(_server.ConnectionString);
        _store = await PostgresMetadataStore.OpenAsync(
            new PostgresOptions { ConnectionString = _server.ConnectionString }, TimeProvider.System, NullLogger<PostgresMetadataStore>.Instance, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _operator.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_that_gives_up_waiting_is_not_acknowledged()
    {
        await WaitForStandbyAsync("nobody");
        var push = PushAsync();

        await EndWaitAsync(push, "pg_cancel_backend");

        var fault = await Assert.ThrowsAsync<StorageException>(() => push);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_commit_whose_connection_was_lost_while_it_waited_goes_on_waiting()
    {
        await WaitForStandbyAsync("nobody");
        var push = PushAsync();

        await EndWaitAsync(push, "pg_terminate_backend");

        await FindWaitingAsync(push); // what proves that the standby has it
        await WaitForStandbyAsync("");
        Assert.Empty(await push);
    }

    private async Task<IReadOnlyList<Manifests.MissingReference>> PushAsync() =>
        await _store.Manifests.PutAsync(
            Sample.Push(RepositoryName.Parse("app"), Manifest.Parse("{}"u8.ToArray(), "application/x-unknown")), Cancellation);

    private async Task WaitForStandbyAsync(string name)
    {
        await ExecuteAsync($"ALTER SYSTEM SET synchronous_standby_names = '{name}'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        while (await FindAsync<string>("SELECT current_setting('synchronous_standby_names')") != name)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, Cancellation);
        }
    }

    private async Task EndWaitAsync(Task push, string how) => await ExecuteAsync($"SELECT {how}({await FindWaitingAsync(push)})");

    private async Task<int> FindWaitingAsync(Task push)
    {
        int? waiting;
        while ((waiting = await FindAsync<int?>("SELECT min(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) is null)
        {
            Assert.False(push.IsCompleted);
            await Task.Delay(BetweenLooks, TimeProvider.System, Cancellation);
        }

        return waiting.Value;
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _operator.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<T?> FindAsync<T>(string query)
    {
        await using var command = _operator.CreateCommand(query);
        return await command.ExecuteScalarAsync(Cancellation) is T found ? found : default;
    }
}
