namespace Berth.Storage;

/// <summary>A committed object, open for reading. Disposing releases it; deleting it meanwhile does not disturb who reads on from there.</summary>
public interface IBlobContent : IDisposable
{
    /// <summary>Size in bytes.</summary>
    long Length { get; }

    /// <summary>Reads at <paramref name="offset"/>. Zero bytes only at the end. Safe to call concurrently.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken);
}
