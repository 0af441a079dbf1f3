using Berth.Bench.Measuring;

namespace Berth.Bench.Load;

/// <summary>One bounded run of operations, with the time that each of them took.</summary>
/// <param name="first">The number of the first operation.</param>
/// <param name="operations">How many there are.</param>
internal sealed class LoadPass(TimeProvider time, long first, int operations, TimeSpan timeLimit)
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

    /// <param name="clients">The operation of each client.</param>
    public async Task RunAsync(IReadOnlyList<Operation> clients, CancellationToken cancellationToken)
    {
        _start = time.GetTimestamp();
        await Task.WhenAll(clients.Select(client => RunAsync(client, cancellationToken)));
        Elapsed = time.GetElapsedTime(_start);
    }

    /// <param name="isTimed">Tells of an operation's number whether it counts.</param>
    public LatencyPercentiles Latencies(Func<long, bool> isTimed)
    {
        // Numbers are handed out in order and each operation was carried out, so the first _count entries are all there.
        var sorted = _ticks[.._count].Where((_, index) => isTimed(first + index)).Order().ToArray();
        return LatencyPercentiles.Of(sorted, time.TimestampFrequency);
    }

    private async Task RunAsync(Operation client, CancellationToken cancellationToken)
    {
        while (time.GetElapsedTime(_start) < timeLimit)
        {
            var index = Interlocked.Increment(ref _next) - 1;
            if (index >= operations)
            {
                return;
            }

            var begin = time.GetTimestamp();
            var bytes = await client(first + index, cancellationToken);
            _ticks[index] = time.GetTimestamp() - begin;
            Interlocked.Add(ref _bytes, bytes);
            Interlocked.Increment(ref _count);
        }
    }
}
