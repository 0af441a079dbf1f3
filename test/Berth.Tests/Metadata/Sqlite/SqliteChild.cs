using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Berth.Manifests;
using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Testing.Metadata;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>What this program does instead of running tests when <see cref="SqliteChildProcess"/> starts it.</summary>
internal static class SqliteChild
{
    public const string DatabaseVariable = "BERTH_TEST_DATABASE";
    public const string SocketVariable = "BERTH_TEST_SOCKET";

    public static readonly RepositoryName Repository = RepositoryName.Parse("team/app");

    public static ManifestPush PushOf(int number)
    {
        var content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}").PadRight(50_000));
        return Sample.Push(Repository, Manifest.Parse(content, "application/x-number"));
    }

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(DatabaseVariable) is { } database)
        {
            PushUntilRefused(database, Environment.GetEnvironmentVariable(SocketVariable)!);
            Environment.Exit(0);
        }
    }

    // Nothing here may run on another thread: those wait for the end of a module's initializer.
    private static void PushUntilRefused(string database, string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        using var lines = new StreamWriter(new NetworkStream(socket)) { AutoFlush = true };
        var store = SqliteMetadataStore
            .OpenAsync(database, TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, CancellationToken.None)
            .GetAwaiter().GetResult();
        var refusals = 0;
        for (var number = 0; refusals < 3; number++)
        {
            var outcome = "stored";
            try
            {
                store.Manifests.PutAsync(PushOf(number), CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (StorageException fault)
            {
                outcome = fault.IsTransient ? "transient" : store.Broken.IsCompleted ? "broken" : "refused";
                refusals++;
            }

            lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome} {number}"));
        }

        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
