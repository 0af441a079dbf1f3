namespace Berth.Storage.S3;

/// <summary>How large parts are, and how many are on their way: these bound the store's memory.</summary>
/// <remarks>An upload holds the part that it fills; of those that are sent, all uploads together hold <see cref="MostInFlight"/>.</remarks>
internal sealed class PartLimits(long chunkSize) : IDisposable
{
    /// <summary>The protocol's.</summary>
    public const int MostParts = 10_000;

    public const int MostInFlight = 16;

    private const int MostBytes = 64 * 1024 * 1024;
    private const int PartsOfOneSize = 1000;

    /// <summary>To be taken by each part that is sent.</summary>
    public SemaphoreSlim InFlight { get; } = new(MostInFlight);

    /// <summary>Bytes of the part that follows so many others.</summary>
    public int SizeAfter(int parts) => (int)Math.Min(MostBytes, chunkSize << (parts / PartsOfOneSize));

    public void Dispose() => InFlight.Dispose();
}
