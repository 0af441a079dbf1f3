using Berth.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Berth.Manifests.Redis;

/// <summary>Bytes of manifests in Redis, behind the memory of this process: what one node has read, another need not ask the database for.</summary>
/// <remarks>
/// Redis may be away, empty, slow or full of lies. What it says is believed only when it has the digest that was asked for; when it does not
/// answer it is left alone for a while.
/// </remarks>
public sealed partial class RedisManifestContents : IManifestContents, IAsyncDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private readonly IManifestContents _near;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task<ConnectionMultiplexer> _connecting;
    private long _restUntil;

    /// <param name="near">Asked first.</param>
    /// <exception cref="StorageException">A file that the options name cannot be used.</exception>
    public RedisManifestContents(RedisOptions options, IManifestContents near, TimeProvider time, ILogger<RedisManifestContents> logger)
    {
        (_near, _time, _logger) = (near, time, logger);
        try
        {
            _connecting = ConnectAsync(options.ToConnection());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new StorageException("A certificate for Redis cannot be read: the files must be PEM.", isTransient: false, fault);
        }
    }

    internal Task<ConnectionMultiplexer> Connection => _connecting;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (await _near.FindAsync(digest, cancellationToken) is { } content)
        {
            return content;
        }

        if (Find() is not { } redis)
        {
            return null;
        }

        try
        {
            var found = (byte[]?)await redis.StringGetRangeAsync(Key(digest), 0, Manifest.MaxBytes).WaitAsync(cancellationToken);
            if (found is not { Length: > 0 })
            {
                return null;
            }

            if (Digest.Of(found, digest.Algorithm) != digest)
            {
                Log.Lies(_logger, digest);
                return null;
            }

            _near.Add(digest, found);
            return found;
        }
        catch (Exception fault) when (IsRedis(fault))
        {
            LeaveAlone(fault);
            return null;
        }
    }

    /// <inheritdoc/>
    public void Add(Digest digest, ReadOnlyMemory<byte> content)
    {
        _near.Add(digest, content);
        try
        {
            Find()?.StringSet(Key(digest), content, KeptFor, When.Always, CommandFlags.FireAndForget);
        }
        catch (Exception fault) when (IsRedis(fault))
        {
            LeaveAlone(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (await _connecting).DisposeAsync();
        }
        catch (Exception fault) when (IsRedis(fault))
        {
            // It never came to a connection.
        }
    }

    private static string Key(Digest digest) => $"berth:manifest:{digest}";

    private static bool IsRedis(Exception fault) => fault is RedisException or TimeoutException or ObjectDisposedException;

    private async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        connection.ConnectionFailed += (_, what) => Tell(what, Log.Away);
        connection.ConnectionRestored += (_, what) => Tell(what, Log.Back);
        if (!connection.IsConnected)
        {
            Log.Away(_logger);
        }

        return connection;
    }

    /// <summary>The client has a second connection, for subscriptions, which nothing here uses.</summary>
    private void Tell(ConnectionFailedEventArgs what, Action<ILogger> log)
    {
        if (what.ConnectionType == ConnectionType.Interactive)
        {
            log(_logger);
        }
    }

    /// <summary>Null while it is better not to ask.</summary>
    private IDatabase? Find() =>
        _connecting.IsCompletedSuccessfully && _connecting.Result is { IsConnected: true } connection && _time.GetTimestamp() >= Volatile.Read(ref _restUntil)
            ? connection.GetDatabase()
            : null;

    private void LeaveAlone(Exception fault)
    {
        Volatile.Write(ref _restUntil, _time.GetTimestamp() + (long)(Rest.TotalSeconds * _time.TimestampFrequency));
        Log.NoAnswer(_logger, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Warning, "Redis is away; manifests are read from the database until it is back")]
        public static partial void Away(ILogger logger);

        [LoggerMessage(1201, LogLevel.Information, "Redis is back")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(1202, LogLevel.Warning, "Redis did not answer as it should; manifests are read from the database for the next 5 seconds")]
        public static partial void NoAnswer(ILogger logger, Exception exception);

        [LoggerMessage(1203, LogLevel.Error, "What Redis has for manifest {Digest} has another digest; it is not used")]
        public static partial void Lies(ILogger logger, Digest digest);
    }
}
