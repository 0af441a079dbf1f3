using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Berth.Manifests;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Testing.Metadata;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>No test: what a <see cref="SqliteChildProcess"/> does.</summary>
public sealed class SqliteChild
{
    public const string DatabaseVariable = "BERTH_TEST_DATABASE";
    public const string SocketVariable = "BERTH_TEST_SOCKET";

    public static readonly RepositoryName Repository = RepositoryName.Parse("team/app");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static ManifestPush PushOf(int number)
    {
        var content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}").PadRight(50_000));
        return Sample.Push(Repository, Manifest.Parse(content, "application/x-number"));
    }

    [Fact(Explicit = true)]
    public async Task Push_until_refused()
    {
        await using var store = await SqliteMetadataStore.OpenAsync(
            Environment.GetEnvironmentVariable(DatabaseVariable)!, TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, Cancellation);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable(SocketVariable)!), Cancellation);
        await using var lines = new StreamWriter(new NetworkStream(socket)) { AutoFlush = true };
        var refusals = 0;
        for (var number = 0; refusals < 3; number++)
        {
            var outcome = "stored";
            try
            {
                await store.Manifests.PutAsync(PushOf(number), Cancellation);
            }
            catch (StorageException fault)
            {
                outcome = fault.IsTransient ? "transient" : store.Broken.IsCompleted ? "broken" : "refused";
                refusals++;
            }

            await lines.WriteLineAsync($"{outcome} {number.ToString(CultureInfo.InvariantCulture)}".AsMemory(), Cancellation);
        }
    }
}
