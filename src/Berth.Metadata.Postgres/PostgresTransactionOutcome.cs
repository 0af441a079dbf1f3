namespace Berth.Metadata.Postgres;

/// <summary>What the server says about a transaction whose connection was lost.</summary>
internal enum PostgresTransactionOutcome
{
    /// <summary>The server has crashed since, or it was too long ago.</summary>
    Unknown,

    Committed,

    Aborted,

    /// <summary>The server has not noticed yet that the connection is gone, or still waits for a standby.</summary>
    InProgress,
}
