using Berth.Bench.Measuring;

namespace Berth.Bench.Load;

/// <summary>One bounded run of operations, with the time that each of them took.</summary>
internal sealed class LoadPass(TimeProvider time, int operations, TimeSpan timeLimit)
{
    private readonly long[] _ticks = new long[operations];
    private long _start;
    private int _next;
    private int _count;
    private long _bytes;

    /// <summary>Operations done.</summary>
    public int Count => _count;

    /// <summary>Bytes of content moved.</summary>
    public long Bytes => _bytes;

    public TimeSpan Elapsed { get; private set; }

    public async Task RunAsync(IReadOnlyList<ILoadClient> clients, CancellationToken cancellationToken)
    {
        _start = time.GetTimestamp();
        await Task.WhenAll(clients.Select(client => RunAsync(client, cancellationToken)));
        Elapsed = time.GetElapsedTime(_start);
    }

    public LatencyPercentiles Latencies()
    {
        // Operation numbers are handed out in order and each one was carried out, so the first _count entries are all there.
        var sorted = _ticks[.._count];
        Array.Sort(sorted);
        return LatencyPercentiles.Of(sorted, time.TimestampFrequency);
    }

    private async Task RunAsync(ILoadClient client, CancellationToken cancellationToken)
    {
        while (time.GetElapsedTime(_start) < timeLimit)
        {
            var operation = Interlocked.Increment(ref _next) - 1;
            if (operation >= operations)
            {
                return;
            }

            var begin = time.GetTimestamp();
            var bytes = await client.RunAsync(operation, cancellationToken);
            _ticks[operation] = time.GetTimestamp() - begin;
            Interlocked.Add(ref _bytes, bytes);
            Interlocked.Increment(ref _count);
        }
    }
}
