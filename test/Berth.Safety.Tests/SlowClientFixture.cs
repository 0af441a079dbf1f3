using System.Globalization;
using Berth.Safety.Tests.Load;
using Berth.Testing;

namespace Berth.Safety.Tests;

/// <summary>One server, and clients that take their time with it, all at once: what each must come to takes up to half a minute.</summary>
public sealed class SlowClientFixture : IAsyncLifetime
{
    public const string Repository = "slow";

    public const int Little = 5_000;

    /// <summary>So much that a client that sent it at once has kept to its average for most of an hour.</summary>
    public const int Much = 3_000_000;

    private const int Announced = 10_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly List<RawConnection> _connections = [];
    private readonly CancellationTokenSource _patience = new();
    private Victim? _victim;

    /// <summary>The answer to a request whose headers never end.</summary>
    public Task<string> Headers { get; private set; } = Task.FromResult("");

    /// <summary>The answer to a request whose headers come a byte at a time.</summary>
    public Task<string> DrippingHeaders { get; private set; } = Task.FromResult("");

    /// <summary>Chunks that stopped, by how much of them came: the session, and the answer.</summary>
    public IReadOnlyDictionary<int, (Upload Upload, Task<string> Answer)> Bodies { get; private set; } =
        new Dictionary<int, (Upload, Task<string>)>();

    public Victim Victim => _victim ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _victim = new Victim(_folder["data"], new Stock([Repository], [], [], []));
        await _victim.StartAsync(_patience.Token);

        const string Unfinished = "GET /v2/ HTTP/1.1\r\nHost: berth\r\nX-Slow: ";
        Headers = await OpenAsync(Unfinished, static (connection, token) => connection.ReadToEndAsync(token));
        DrippingHeaders = await OpenAsync(Unfinished, DripAsync);
        Bodies = new Dictionary<int, (Upload, Task<string>)> { [Little] = await StopAfterAsync(Little), [Much] = await StopAfterAsync(Much) };
        _patience.CancelAfter(TimeSpan.FromMinutes(2));
    }

    /// <summary>A chunk that announces more than is sent.</summary>
    public static string Chunk(Upload upload, string part) => string.Create(
        CultureInfo.InvariantCulture, $"PATCH {upload.Location} HTTP/1.1\r\nHost: berth\r\nContent-Length: {Announced}\r\n\r\n{part}");

    public static Content TextOf(string text) => new(System.Text.Encoding.ASCII.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync();
        _connections.ForEach(connection => connection.Dispose());
        Victim.Log.Settle();
        Assert.Empty(Victim.Clients.Wire.Faults);
        await Victim.DisposeAsync();
        _patience.Dispose();
        _folder.Dispose();
    }

    private static async Task<string> DripAsync(RawConnection connection, CancellationToken cancellationToken)
    {
        var answer = connection.ReadToEndAsync(cancellationToken);
        while (!answer.IsCompleted)
        {
            await connection.TrySendAsync("x", cancellationToken);
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancellationToken));
        }

        return await answer;
    }

    private async Task<(Upload Upload, Task<string> Answer)> StopAfterAsync(int length)
    {
        var content = TextOf(new string('x', length));
        var upload = (await Victim.Clients.Uploads.StartAsync(Repository, content, _patience.Token))!;
        upload.Sent = length;
        var answer = await OpenAsync(Chunk(upload, new string('x', length)), static (connection, token) => connection.ReadToEndAsync(token));
        return (upload, answer);
    }

    private async Task<Task<string>> OpenAsync(string text, Func<RawConnection, CancellationToken, Task<string>> wait)
    {
        var connection = await RawConnection.OpenAsync(Victim.Server.Address, text, _patience.Token);
        _connections.Add(connection);
        return wait(connection, _patience.Token);
    }
}
