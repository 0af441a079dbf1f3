namespace Berth.Metadata.Postgres;

/// <summary>What it takes to ask later, over another connection, whether a transaction was committed.</summary>
/// <param name="TransactionId">Its number, which PostgreSQL gives to what writes something.</param>
/// <param name="Incarnation">
/// The life of the server that it belongs to. A crash may lose the numbers that were given last, so that another transaction gets the same one.
/// The table is unlogged: a crash, and the promotion of a standby, empties it.
/// </param>
internal sealed record PostgresTransactionMark(string TransactionId, string? Incarnation)
{
    private const string Query = "SELECT pg_current_xact_id_if_assigned()::text, (SELECT id::text FROM incarnation)";

    /// <summary>The mark of the transaction that the session is in; null when it has written nothing.</summary>
    public static async Task<PostgresTransactionMark?> TakeAsync(PostgresSession session)
    {
        var mark = await FindAsync(session);
        if (mark is not { Incarnation: null })
        {
            return mark;
        }

        await session.ExecuteAsync("INSERT INTO incarnation DEFAULT VALUES ON CONFLICT DO NOTHING");
        return await FindAsync(session);
    }

    /// <summary>How the transaction ended.</summary>
    public Task<PostgresTransactionOutcome> FindOutcomeAsync(PostgresSession session) =>
        session.FindAsync(
            "SELECT CASE WHEN $2 = (SELECT id::text FROM incarnation) THEN pg_xact_status($1::text::xid8) END",
            row => row.FindString(0) switch
            {
                "committed" => PostgresTransactionOutcome.Committed,
                "aborted" => PostgresTransactionOutcome.Aborted,
                "in progress" => PostgresTransactionOutcome.InProgress,
                _ => PostgresTransactionOutcome.Unknown,
            },
            TransactionId, Incarnation);

    private static Task<PostgresTransactionMark?> FindAsync(PostgresSession session) =>
        session.FindAsync(Query, row => row.FindString(0) is { } id ? new PostgresTransactionMark(id, row.FindString(1)) : null);
}
