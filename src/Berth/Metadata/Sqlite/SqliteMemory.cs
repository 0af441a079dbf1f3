namespace Berth.Metadata.Sqlite;

/// <summary>Tells whether what was read of a repository is still what the one writer committed last.</summary>
/// <remarks>
/// Each repository has a version, which is odd while a change of it is being committed and grows with each. A row is remembered with the version
/// that was there before it was read, and is worth nothing under another. So from before a commit is visible until after, everybody reads the
/// database; what was read before is forgotten; and a read that was under way meanwhile leaves nothing that could be found.
/// Repositories share versions: one that has another's is only read once more.
/// </remarks>
/// <param name="isWriterHere">Whether this process has the writer; if not, nothing may be remembered.</param>
internal sealed class SqliteMemory(bool isWriterHere)
{
    private const int Versions = 4096;

    private readonly long[] _versions = new long[Versions];

    public long VersionOf(RepositoryName repository) => isWriterHere ? Volatile.Read(ref _versions[Place(repository)]) : -1;

    /// <summary>Whether what is read now may be remembered.</summary>
    public static bool IsQuiet(long version) => (version & 1) == 0;

    /// <summary>To be called before a commit, for each change of it. One thread at a time.</summary>
    public void Close(Touch touch) => Move(touch, isQuiet: true);

    /// <summary>To be called after the commit or its failure, for each change of it.</summary>
    public void Open(Touch touch) => Move(touch, isQuiet: false);

    private void Move(Touch touch, bool isQuiet)
    {
        if (touch.Repository is { } repository)
        {
            Move(Place(repository), isQuiet);
        }
        else if (touch.IsEverything)
        {
            for (var place = 0; place < Versions; place++)
            {
                Move(place, isQuiet);
            }
        }
    }

    private void Move(int place, bool isQuiet)
    {
        if (IsQuiet(_versions[place]) == isQuiet) // changes of one commit may share it
        {
            Interlocked.Increment(ref _versions[place]);
        }
    }

    private static int Place(RepositoryName repository) => (int)((uint)repository.GetHashCode() % Versions);
}
