using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>A connection for as long as one read or one change has it. Statements are prepared from their second use on.</summary>
/// <remarks>The parameters of a statement are <c>$1</c>, <c>$2</c> and so on, in the order of the arguments.</remarks>
internal sealed class PostgresSession(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    /// <summary>Executes a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public async Task<int> ExecuteAsync(string statement, params object?[] arguments)
    {
        await using var command = Create(statement, arguments);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Executes statements that may take as long as they need.</summary>
    public async Task ExecuteScriptAsync(string script)
    {
        await using var command = Create(script, []);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads the first row; the default of the type when there is none.</summary>
    public async Task<T?> FindAsync<T>(string query, Func<NpgsqlDataReader, T> read, params object?[] arguments)
    {
        await using var command = Create(query, arguments);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? read(row) : default;
    }

    /// <summary>Whether there is a row.</summary>
    public Task<bool> ExistsAsync(string query, params object?[] arguments) => FindAsync(query, _ => true, arguments);

    /// <summary>Reads all rows.</summary>
    public async Task<List<T>> ListAsync<T>(string query, Func<NpgsqlDataReader, T> read, params object?[] arguments)
    {
        var rows = new List<T>();
        await using var command = Create(query, arguments);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private NpgsqlCommand Create(string statement, object?[] arguments)
    {
        var command = new NpgsqlCommand(statement, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument ?? DBNull.Value });
        }

        return command;
    }
}
