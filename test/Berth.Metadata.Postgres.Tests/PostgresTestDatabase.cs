using Berth.Testing;
using Berth.Testing.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>A schema of its own.</summary>
public sealed class PostgresTestDatabase(PostgresServer? ownServer) : ITestDatabase
{
    private static int s_count;

    private readonly bool _isShared = ownServer is null;
    private PostgresServer? _server = ownServer;

    public PostgresTestDatabase()
        : this(null)
    {
    }

    public string Schema { get; } = $"test_{Interlocked.Increment(ref s_count)}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<IMetadataStore> OpenAsync(TimeProvider time, CancellationToken cancellationToken) => await OpenStoreAsync(time);

    public async Task<PostgresMetadataStore> OpenStoreAsync(TimeProvider? time = null) =>
        await PostgresMetadataStore.OpenAsync(
            await GetOptionsAsync(), time ?? TimeProvider.System, NullLogger<PostgresMetadataStore>.Instance, Cancellation);

    public async Task<PostgresMetadataStore> OpenReadOnlyAsync() =>
        await PostgresMetadataStore.OpenReadOnlyAsync(
            await GetOptionsAsync(), TimeProvider.System, NullLogger<PostgresMetadataStore>.Instance, Cancellation);

    /// <summary>Its connections call themselves as the schema does.</summary>
    public async Task<PostgresOptions> GetOptionsAsync()
    {
        _server ??= await PostgresFixture.GetServerAsync();
        return new PostgresOptions { ConnectionString = $"{_server.ConnectionString};Application Name={Schema}", Schema = Schema, MaxConnections = 8 };
    }

    /// <summary>Executes statements beside the store, as a superuser whom no foreign key stops.</summary>
    public async Task ExecuteAsync(string script)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"SET session_replication_role = replica; {script}", connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Reads one value beside the store.</summary>
    public async Task<T> ReadAsync<T>(string query)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>A connection beside the store.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        _server ??= await PostgresFixture.GetServerAsync();
        var connection = new NpgsqlConnection($"{_server.ConnectionString};Search Path={Schema};Pooling=false");
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null && _isShared)
        {
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        }
    }
}
