namespace Berth.Metadata.Sqlite;

/// <summary>Of which repositories a change alters what <see cref="SqliteMemory"/> remembers.</summary>
/// <param name="Repository">The only one; null: see <paramref name="IsEverything"/>.</param>
/// <param name="IsEverything">All of them, or none.</param>
internal readonly record struct Touch(RepositoryName? Repository, bool IsEverything)
{
    public static Touch Nothing => default;

    public static Touch Everything => new(null, IsEverything: true);

    public static implicit operator Touch(RepositoryName repository) => new(repository, IsEverything: false);
}
