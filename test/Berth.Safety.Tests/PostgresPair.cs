using System.Globalization;
using Berth.Testing;
using Npgsql;

namespace Berth.Safety.Tests;

/// <summary>A PostgreSQL server and a standby that follows it, and takes its place when it crashes.</summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private PostgresServer _primary;
    private PostgresServer _standby;

    private PostgresPair(PostgresServer primary, PostgresServer standby) => (_primary, _standby) = (primary, standby);

    /// <summary>Both of them, for a program that finds out itself which one takes changes.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1:{Math.Min(_primary.Port, _standby.Port)},127.0.0.1:{Math.Max(_primary.Port, _standby.Port)};Username=postgres;Database=postgres");

    /// <param name="isSynchronous">Whether a commit waits until the standby has it.</param>
    public static async Task<PostgresPair> StartAsync(bool isSynchronous, CancellationToken cancellationToken)
    {
        string[] settings = ["cluster_name=standby", $"synchronous_standby_names={(isSynchronous ? "standby" : "")}"];
        var pair = new PostgresPair(await PostgresServer.StartAsync(cancellationToken, settings), await PostgresServer.PrepareAsync(cancellationToken));
        pair._standby.Settings = settings;
        try
        {
            await pair.ReplicateAsync(cancellationToken);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the standby hear nothing of what is committed from now on.</summary>
    public async Task SeparateAsync(CancellationToken cancellationToken)
    {
        await using var standby = NpgsqlDataSource.Create(_standby.ConnectionString);
        await using (var command = standby.CreateCommand("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'"))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var command = standby.CreateCommand("SELECT pg_reload_conf()"))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await WaitForStandbyAsync(isThere: false, cancellationToken);
    }

    /// <summary>Crashes the primary and puts the standby in its place.</summary>
    public async Task FailOverAsync(CancellationToken cancellationToken)
    {
        await _primary.CrashAsync(cancellationToken);
        await _standby.PromoteAsync(cancellationToken);
        (_primary, _standby) = (_standby, _primary);
    }

    /// <summary>Makes a standby of the one that is none; returns when it has caught up.</summary>
    public async Task ReplicateAsync(CancellationToken cancellationToken)
    {
        await _standby.FollowAsync(_primary, cancellationToken);
        await WaitForStandbyAsync(isThere: true, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    private async Task WaitForStandbyAsync(bool isThere, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using var primary = NpgsqlDataSource.Create(_primary.ConnectionString);
        await using var command = primary.CreateCommand("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = 'standby'");
        while (await command.ExecuteScalarAsync(patience.Token) is long count && (count > 0) != isThere)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, patience.Token);
        }
    }
}
