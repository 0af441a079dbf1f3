using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Postgres;

/// <summary>Brings a schema to what this program works with.</summary>
internal sealed partial class PostgresSchema(PostgresDatabase database, string name, IReadOnlyList<string> migrations, ILogger logger)
{
    private const string VersionTable = "schema_version";

    /// <summary>Runs the migrations that the schema has not been through, each in its own transaction.</summary>
    /// <exception cref="StorageException">The schema belongs to a newer program, or to another one.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        while (await database.RunOnceAsync(ReadVersionAsync, cancellationToken) < migrations.Count)
        {
            var version = await database.RunOnceAsync(StepAsync, cancellationToken);
            Log.Migrated(logger, name, version);
        }
    }

    /// <summary>Accepts a schema only if there is nothing to migrate.</summary>
    /// <exception cref="StorageException">There is, or the schema belongs to a newer program, or to another one.</exception>
    public async Task RequireCurrentAsync(CancellationToken cancellationToken)
    {
        var version = await database.RunOnceAsync(ReadVersionAsync, cancellationToken);
        if (version < migrations.Count)
        {
            throw new StorageException(
                $"The schema {name} has version {version} and must become version {migrations.Count} first: start the server once.",
                isTransient: false);
        }
    }

    private async Task<int> StepAsync(PostgresSession session)
    {
        // As long as need be: another node may be migrating a large table. The name needs no quotes, as PostgresOptions says.
        await session.ExecuteScriptAsync(
            $"SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(hashtextextended('berth schema {name}', 0))");
        var version = await ReadVersionAsync(session); // again under the lock: that node was faster
        if (version == migrations.Count)
        {
            return version;
        }

        if (version == 0)
        {
            await CreateAsync(session);
        }

        await session.ExecuteScriptAsync(migrations[version]);
        await session.ExecuteAsync($"UPDATE {VersionTable} SET version = $1", version + 1);
        return version + 1;
    }

    private async Task CreateAsync(PostgresSession session)
    {
        // Not IF NOT EXISTS, which asks for the right to create one even when there is one.
        if (!await session.ExistsAsync("SELECT 1 FROM pg_namespace WHERE nspname = $1", name))
        {
            await session.ExecuteScriptAsync($"CREATE SCHEMA {name}");
        }

        await session.ExecuteScriptAsync($"CREATE TABLE {VersionTable} (version integer NOT NULL); INSERT INTO {VersionTable} VALUES (0)");
    }

    private async Task<int> ReadVersionAsync(PostgresSession session)
    {
        var tables = await session.ListAsync(
            """
            SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace
            WHERE nspname = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f')
            """,
            row => row.GetString(0),
            name);
        if (tables.Count == 0)
        {
            return 0;
        }

        if (!tables.Contains(VersionTable, StringComparer.Ordinal))
        {
            throw new StorageException($"The schema {name} holds tables of another program.", isTransient: false);
        }

        var version = await session.FindAsync($"SELECT version FROM {VersionTable}", row => row.GetInt32(0));
        if (version > migrations.Count)
        {
            throw new StorageException(
                $"The schema {name} has version {version}, and this program knows versions up to {migrations.Count}: use a newer program.",
                isTransient: false);
        }

        return version;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.SchemaMigrated, LogLevel.Information, "The schema {Schema} of the metadata database has version {Version} now")]
        public static partial void Migrated(ILogger logger, string schema, int version);
    }
}
