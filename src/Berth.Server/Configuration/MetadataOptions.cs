using Berth.Metadata.Postgres;

namespace Berth.Server.Configuration;

/// <summary>The section <c>metadata</c>: the database, which holds everything but the bytes of blobs.</summary>
public sealed record MetadataOptions
{
    /// <summary>The file of the embedded database (<c>sqlite.path</c>). Null: <c>meta.db</c> in the data folder.</summary>
    public string? SqlitePath { get; init; }

    /// <summary>The PostgreSQL server that has the database (<c>postgres</c>); null when it is embedded.</summary>
    public PostgresOptions? Postgres { get; init; }

    internal static MetadataOptions Read(SettingReader settings)
    {
        const string section = "metadata.sqlite";
        if (settings.IsNamed(section) && settings.IsNamed("metadata.postgres"))
        {
            settings.Error(section, "must be the only database");
        }

        return new() { SqlitePath = ReadPath(settings, $"{section}.path"), Postgres = PostgresSection.Read(settings) };
    }

    private static string? ReadPath(SettingReader settings, string key)
    {
        var path = settings.Text(key);
        if (path is null || (path.Length > 0 && !path.Contains('\0', StringComparison.Ordinal)))
        {
            return path;
        }

        settings.Error(key, "must be the path of a file");
        return null;
    }
}
