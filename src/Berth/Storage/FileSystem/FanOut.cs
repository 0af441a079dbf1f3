namespace Berth.Storage.FileSystem;

/// <summary>Makes the two levels of directories that spread committed objects, and makes them durable.</summary>
/// <remarks>
/// It remembers which ones were made durable by this process, so that each costs its extra syncs once. One that was found is
/// not trusted: the process that made it may have died before it synced. Two commits that make the same one do no harm.
/// </remarks>
internal sealed class FanOut(IFileCalls calls)
{
    private readonly DurableSet _sha256 = new();
    private readonly DurableSet _sha512 = new();

    /// <summary>Makes the directory that a digest's objects lie in.</summary>
    public void Make(Digest digest)
    {
        var (durable, outer, inner) = Locate(digest);
        if (durable.Inner[inner])
        {
            return;
        }

        if (!durable.Outer[outer])
        {
            calls.CreateDirectory(BlobPaths.Outer(digest));
        }

        calls.CreateDirectory(BlobPaths.Inner(digest));
    }

    /// <summary>Makes a new name in that directory durable, and the way to it.</summary>
    public void Sync(Digest digest)
    {
        // Inner first: file systems with one journal write everything at the first sync, and the others cost little.
        calls.SyncDirectory(BlobPaths.Inner(digest));
        var (durable, outer, inner) = Locate(digest);
        if (durable.Inner[inner])
        {
            return;
        }

        calls.SyncDirectory(BlobPaths.Outer(digest));
        if (!durable.Outer[outer])
        {
            calls.SyncDirectory(BlobPaths.Top(digest.Algorithm));
            Volatile.Write(ref durable.Outer[outer], true);
        }

        Volatile.Write(ref durable.Inner[inner], true);
    }

    private (DurableSet Durable, int Outer, int Inner) Locate(Digest digest)
    {
        var inner = Convert.ToInt32(digest.Hex[..4].ToString(), 16);
        return (digest.Algorithm == DigestAlgorithm.Sha256 ? _sha256 : _sha512, inner >> 8, inner);
    }

    private sealed class DurableSet
    {
        public bool[] Outer { get; } = new bool[1 << 8];

        public bool[] Inner { get; } = new bool[1 << 16];
    }
}
