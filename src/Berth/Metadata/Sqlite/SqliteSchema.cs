using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Sqlite;

/// <summary>Brings a database to the schema this program works with.</summary>
internal static partial class SqliteSchema
{
    /// <summary>Runs the migrations that the database has not been through, each in its own transaction.</summary>
    /// <exception cref="StorageException">The database belongs to a newer program, or to another one.</exception>
    public static void Migrate(
        PreparedConnection connection, IReadOnlyList<string> migrations, ILogger logger, CancellationToken cancellationToken)
    {
        while (ReadVersion(connection, migrations.Count) < migrations.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            connection.ExecuteScript("BEGIN IMMEDIATE");
            try
            {
                // Read again under the lock: another process may have been faster.
                var version = ReadVersion(connection, migrations.Count);
                if (version < migrations.Count)
                {
                    connection.ExecuteScript(migrations[version]);
                    connection.ExecuteScript($"PRAGMA user_version = {version + 1}");
                }

                connection.ExecuteScript("COMMIT");
                Log.Migrated(logger, version + 1);
            }
            catch
            {
                connection.TryRollback();
                throw;
            }
        }
    }

    /// <summary>Accepts a database only if there is nothing to migrate.</summary>
    /// <exception cref="StorageException">There is, or the database belongs to a newer program, or to another one.</exception>
    public static void RequireCurrent(PreparedConnection connection, IReadOnlyList<string> migrations)
    {
        var version = ReadVersion(connection, migrations.Count);
        if (version < migrations.Count)
        {
            throw new StorageException(
                $"The metadata database has schema version {version} and must become version {migrations.Count} first: start the server once.",
                isTransient: false);
        }
    }

    private static int ReadVersion(PreparedConnection connection, int known)
    {
        var version = connection.Find("SELECT user_version FROM pragma_user_version", row => row.GetInt32(0));
        if (version > known)
        {
            throw new StorageException(
                $"The metadata database has schema version {version}, and this program knows versions up to {known}: use a newer program.",
                isTransient: false);
        }

        if (version == 0 && connection.Find("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", row => row.GetBoolean(0)))
        {
            throw new StorageException("The file is a database of another program.", isTransient: false);
        }

        return version;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.DatabaseMigrated, LogLevel.Information, "The metadata database has schema version {Version} now")]
        public static partial void Migrated(ILogger logger, int version);
    }
}
