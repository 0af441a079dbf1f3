using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Testing.Metadata;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteTestDatabase : ITestDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-metadata-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "meta.db");

    public async Task<IMetadataStore> OpenAsync(TimeProvider time, CancellationToken cancellationToken) =>
        await SqliteMetadataStore.OpenAsync(Path, time, NullLogger<SqliteMetadataStore>.Instance, cancellationToken);

    /// <summary>Does to the database what the store never would.</summary>
    public void Damage(string script)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA foreign_keys = OFF; {script}";
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    /// <summary>Reads it beside the store.</summary>
    public IReadOnlyList<T> Read<T>(string query, Func<SqliteDataReader, T> read)
    {
        using var connection = PreparedConnection.OpenReader(Path);
        return connection.List(query, read);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var file in _folder.EnumerateFiles())
        {
            file.Delete();
        }

        _folder.Delete();
        return ValueTask.CompletedTask;
    }
}
