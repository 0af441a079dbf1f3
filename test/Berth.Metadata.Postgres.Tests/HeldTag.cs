using Berth.Oci;
using Npgsql;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>Stops every push that has come to its tag <c>held</c>, behind all checks and before its commit, until it is released.</summary>
internal sealed class HeldTag : IAsyncDisposable
{
    public static readonly Tag Name = Tag.Parse("held");

    private readonly NpgsqlConnection _holder;
    private readonly string _waiting;

    private HeldTag(NpgsqlConnection holder, string schema)
    {
        _holder = holder;
        _waiting = $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{schema}' AND wait_event_type = 'Lock'";
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HeldTag> HoldAsync(PostgresTestDatabase database)
    {
        await database.ExecuteAsync(
            $"""
            CREATE OR REPLACE FUNCTION {database.Schema}.wait_for_release() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('{database.Schema}')); RETURN NEW; END $$;
            CREATE OR REPLACE TRIGGER hold BEFORE INSERT OR UPDATE ON {database.Schema}.tags
                FOR EACH ROW WHEN (NEW.name = '{Name}') EXECUTE FUNCTION {database.Schema}.wait_for_release();
            """);
        var holder = await database.ConnectAsync();
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock(hashtext('{database.Schema}'))", holder);
        await command.ExecuteNonQueryAsync(Cancellation);
        return new HeldTag(holder, database.Schema);
    }

    /// <summary>Returns when some changes wait, or the last one has ended without waiting.</summary>
    public async Task WaitUntilAsync(int waiting, Task last)
    {
        await using var command = new NpgsqlCommand(_waiting, _holder);
        while (!last.IsCompleted && (long)(await command.ExecuteScalarAsync(Cancellation))! < waiting)
        {
        }
    }

    public ValueTask ReleaseAsync() => _holder.DisposeAsync();

    public ValueTask DisposeAsync() => ReleaseAsync();
}
