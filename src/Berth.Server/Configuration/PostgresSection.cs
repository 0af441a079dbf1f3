using Berth.Metadata.Postgres;

namespace Berth.Server.Configuration;

/// <summary>The section <c>metadata.postgres</c>.</summary>
internal static class PostgresSection
{
    private const string Section = "metadata.postgres";
    private const string ConnectionString = $"{Section}.connectionstring";
    private const string ConnectionStringFile = $"{Section}.connectionstringfile";
    private const string Schema = $"{Section}.schema";

    /// <summary>The leader of the nodes keeps one for itself.</summary>
    private const int FewestConnections = 2;

    /// <summary>Null when the database is not in PostgreSQL.</summary>
    public static PostgresOptions? Read(SettingReader settings)
    {
        if (!settings.IsNamed(Section))
        {
            return null;
        }

        var defaults = new PostgresOptions { ConnectionString = ReadConnectionString(settings) ?? "" };
        return defaults with
        {
            Schema = ReadSchema(settings) ?? defaults.Schema,
            MaxConnections = settings.Number($"{Section}.maxconnections", defaults.MaxConnections, FewestConnections),
        };
    }

    /// <summary>Never shown: it holds a password.</summary>
    private static string? ReadConnectionString(SettingReader settings)
    {
        var (text, file) = (settings.Text(ConnectionString), settings.Text(ConnectionStringFile));
        if ((text is null) == (file is null))
        {
            settings.Error(ConnectionString, text is null ? "must be set, or connectionstringfile" : "must not be set together with connectionstringfile");
            return null;
        }

        try
        {
            var found = text ?? ConfigurationFile.Read(file!).Trim();
            if (PostgresOptions.IsConnectionString(found))
            {
                return found;
            }

            settings.Error(
                text is null ? ConnectionStringFile : ConnectionString,
                $"must {(text is null ? "name a file with" : "be")} a connection string such as Host=db;Database=berth;Username=berth;Password=...");
        }
        catch (ConfigurationException unreadable)
        {
            settings.Error(ConnectionStringFile, $"names a file that {unreadable.Problems[0].Text}");
        }

        return null;
    }

    private static string? ReadSchema(SettingReader settings)
    {
        var name = settings.Text(Schema);
        if (name is null || PostgresOptions.IsSchemaName(name))
        {
            return name;
        }

        settings.Error(Schema, "must be a name of lower-case letters, digits and underscores");
        return null;
    }
}
