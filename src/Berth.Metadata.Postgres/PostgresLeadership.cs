namespace Berth.Metadata.Postgres;

/// <summary>A lock that lasts as long as the connection of the node that leads, and a count of the terms.</summary>
internal sealed class PostgresLeadership(PostgresDatabase database, string schema) : ILeadership
{
    public async Task<ILeadershipTerm?> TryBeginAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenForChangesAsync(cancellationToken);
        try
        {
            var term = await PostgresLeadershipTerm.TryBeginAsync(connection, $"berth leadership {schema}", cancellationToken);
            if (term is null)
            {
                await connection.DisposeAsync();
            }

            return term;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
