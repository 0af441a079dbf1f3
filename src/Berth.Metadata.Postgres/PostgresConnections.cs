using Berth.Storage;
using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>How connections are made.</summary>
internal static class PostgresConnections
{
    /// <summary>Milliseconds that a statement may take: many times what the slowest one of a request needs.</summary>
    private const int StatementTimeout = 30_000;

    /// <summary>Milliseconds that a statement waits for a row that another change holds.</summary>
    private const int LockTimeout = 10_000;

    /// <summary>Milliseconds after which the server ends the transaction of a node that has stopped in its middle, and frees its locks.</summary>
    private const int IdleTimeout = 10_000;

    /// <summary>Seconds after which, of several hosts, it is asked again which of them takes changes.</summary>
    private const int HostRecheck = 1;

    /// <summary>Seconds after which one of several hosts that says nothing is taken for dead.</summary>
    private const int HostTimeout = 3;

    /// <summary>More than there are statements.</summary>
    private const int PreparedStatements = 100;

    /// <exception cref="StorageException">The connection string or the schema's name has no meaning.</exception>
    public static NpgsqlDataSource CreateSource(PostgresOptions options, bool isReadOnly)
    {
        if (!PostgresOptions.IsConnectionString(options.ConnectionString))
        {
            throw new StorageException("The connection string of PostgreSQL cannot be understood.", isTransient: false);
        }

        if (!PostgresOptions.IsSchemaName(options.Schema))
        {
            throw new StorageException("The name of a schema is made of lower-case letters, digits and underscores.", isTransient: false);
        }

        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        settings.ApplicationName ??= "berth";
        settings.SearchPath = options.Schema;
        settings.Pooling = true;
        settings.MaxPoolSize = options.MaxConnections;
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        settings.MaxAutoPrepare = PreparedStatements;
        settings.AutoPrepareMinUsages = 2;
        settings.NoResetOnClose = true; // no session changes its state
        settings.Enlist = false;
        settings.IncludeErrorDetail = false;
        settings.CommandTimeout = 2 * StatementTimeout / 1000; // seconds, for a server that has stopped answering
        settings.Options = string.Join(
            ' ',
            settings.Options,
            $"-c statement_timeout={StatementTimeout}",
            $"-c lock_timeout={LockTimeout}",
            $"-c idle_in_transaction_session_timeout={IdleTimeout}",
            $"-c default_transaction_read_only={(isReadOnly ? "on" : "off")}");
        settings.TargetSessionAttributes = null; // it is decided below
        var hasSeveralHosts = settings.Host!.Contains(',', StringComparison.Ordinal);
        if (hasSeveralHosts)
        {
            settings.HostRecheckSeconds = Math.Min(settings.HostRecheckSeconds, HostRecheck);
            settings.Timeout = Math.Min(settings.Timeout, HostTimeout);
        }

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString)
            .ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // all that are used are PostgreSQL's own
        return hasSeveralHosts
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary) // to read, too: a standby may be behind
            : builder.Build();
    }
}
