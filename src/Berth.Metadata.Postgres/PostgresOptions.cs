using Npgsql;

namespace Berth.Metadata.Postgres;

/// <summary>Which database to use, and how.</summary>
public sealed record PostgresOptions
{
    /// <summary>The longest name that PostgreSQL does not cut off.</summary>
    private const int MaxSchemaLength = 63;

    /// <summary>As Npgsql takes it, such as <c>Host=db;Database=berth;Username=berth;Password=…</c>. It is never shown or logged.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that holds all tables, created if need be. Default: berth.</summary>
    public string Schema { get; init; } = "berth";

    /// <summary>The most connections that this node opens. Default: 20.</summary>
    public int MaxConnections { get; init; } = 20;

    /// <summary>Whether the text names a host, and everything else in it has a meaning.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false; // what the error says may hold a piece of the password
        }
    }

    /// <summary>Lower-case ASCII letters, digits and underscores, so that nobody ever has to quote it; not <c>pg_…</c>, which is PostgreSQL's own.</summary>
    public static bool IsSchemaName(string name) =>
        name.Length is > 0 and <= MaxSchemaLength
        && !char.IsAsciiDigit(name[0])
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_')
        && !name.StartsWith("pg_", StringComparison.Ordinal);

    /// <summary>Without the connection string.</summary>
    public override string ToString() => $"schema {Schema}, at most {MaxConnections} connections";
}
