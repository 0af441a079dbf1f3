namespace Berth.Bench.Measuring;

/// <summary>Looks at the server's resident memory 20 times a second, from its creation until it is disposed.</summary>
internal sealed class ResidentMemorySampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ServerProcess _server;
    private readonly PeriodicTimer _timer;
    private readonly Task _sampling;
    private long _peak;

    public ResidentMemorySampler(ServerProcess server, TimeProvider time)
    {
        _server = server;
        _timer = new PeriodicTimer(Interval, time);
        _sampling = SampleAsync();
    }

    /// <summary>The most seen, in bytes.</summary>
    public long Peak => Volatile.Read(ref _peak);

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _sampling;
    }

    private async Task SampleAsync()
    {
        do
        {
            Volatile.Write(ref _peak, Math.Max(_peak, _server.ReadResidentBytes()));
        }
        while (await _timer.WaitForNextTickAsync(CancellationToken.None));
    }
}
