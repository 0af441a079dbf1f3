using Berth.Storage;
using Microsoft.Extensions.Logging;

namespace Berth.Metadata.Postgres;

/// <summary>What a server must be for the store to keep its promises.</summary>
internal static partial class PostgresRequirements
{
    /// <summary>The first that can say what became of a transaction, and that makes random UUIDs: 13.0.</summary>
    private const int MinimumVersion = 13_00_00;

    private const string Query =
        """
        SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding'),
            current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'), pg_is_in_recovery()
        """;

    /// <exception cref="StorageException">The server is not what it must be.</exception>
    public static async Task CheckAsync(PostgresDatabase database, bool isReadOnly, ILogger logger, CancellationToken cancellationToken)
    {
        var server = await database.RunOnceAsync(
            session => session.FindAsync(
                Query,
                row => (Version: row.GetInt32(0), Name: row.GetString(1), Encoding: row.GetString(2), SynchronousCommit: row.GetString(3),
                    Fsync: row.GetString(4), FullPageWrites: row.GetString(5), IsStandby: row.GetBoolean(6))),
            cancellationToken);
        if (server.Version < MinimumVersion)
        {
            throw Refuse($"PostgreSQL {server.Name} is too old: version 13 is needed");
        }

        if (server.Encoding != "UTF8")
        {
            throw Refuse($"the database has the encoding {server.Encoding}: UTF8 is needed");
        }

        if (isReadOnly)
        {
            return;
        }

        if (server.IsStandby)
        {
            throw new StorageException("The PostgreSQL server is a standby: it takes no changes.", isTransient: true);
        }

        if (server.SynchronousCommit == "off")
        {
            throw Refuse("PostgreSQL has synchronous_commit=off and would lose what it has confirmed: set it to on");
        }

        if (server.Fsync == "off" || server.FullPageWrites == "off")
        {
            Log.NotDurable(logger, server.Fsync, server.FullPageWrites);
        }
    }

    private static StorageException Refuse(string reason) => new($"The metadata database cannot be used: {reason}.", isTransient: false);

    private static partial class Log
    {
        [LoggerMessage(EventIds.NotDurable, LogLevel.Warning, "PostgreSQL has fsync={Fsync} and full_page_writes={FullPageWrites}: a power cut may destroy the database")]
        public static partial void NotDurable(ILogger logger, string fsync, string fullPageWrites);
    }
}
