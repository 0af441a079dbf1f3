namespace Berth.Migration;

/// <summary>How far a run has come, for whoever looks at it from another thread.</summary>
public sealed class MigrationProgress
{
    private int _phase;
    private long _blobs;
    private long _bytes;
    private long _repositories;
    private long _compared;

    public MigrationPhase Phase
    {
        get => (MigrationPhase)Volatile.Read(ref _phase);
        internal set => Volatile.Write(ref _phase, (int)value);
    }

    /// <summary>Blobs that the target lacked when the run began, and those of them that it is done with.</summary>
    public long TotalBlobs { get; private set; }

    /// <inheritdoc cref="TotalBlobs"/>
    public long Blobs => Volatile.Read(ref _blobs);

    /// <summary>Their bytes.</summary>
    public long TotalBytes { get; private set; }

    /// <inheritdoc cref="TotalBytes"/>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Repositories of the source when the run began.</summary>
    public long TotalRepositories { get; private set; }

    /// <summary>Repositories that were made equal.</summary>
    public long Repositories => Volatile.Read(ref _repositories);

    /// <summary>Repositories that were looked at again.</summary>
    public long Compared => Volatile.Read(ref _compared);

    internal void Plan(long blobs, long bytes, long repositories) => (TotalBlobs, TotalBytes, TotalRepositories) = (blobs, bytes, repositories);

    internal void AddBytes(long count) => Interlocked.Add(ref _bytes, count);

    internal void AddBlob() => Interlocked.Increment(ref _blobs);

    internal void AddRepository() => Interlocked.Increment(ref _repositories);

    internal void AddCompared() => Interlocked.Increment(ref _compared);
}
