using System.Net;
using Berth.Testing;
using Npgsql;

namespace Berth.Safety.Tests;

/// <summary>A server whose database or bucket is not there, or not as it should be: clear words at the start, patience later.</summary>
public sealed class RemoteStoreTests(S3Server s3) : IDisposable
{
    private const int Usage = 2;
    private const string ConnectionString = "REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_database_a_server_does_not_start_and_says_why_without_the_password()
    {
        var output = await RefuseAsync((ConnectionString, $"Host=127.0.0.1;Port={LoopbackPort.FindFree()};Username=u;Password=hunter2;Timeout=2"));

        Assert.StartsWith("PostgreSQL cannot be reached", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_a_newer_program_is_left_alone()
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        await using (var server = await StartAsync((ConnectionString, postgres.ConnectionString)))
        {
            await server.StopAsync(Cancellation);
        }

        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString))
        {
            await using var find = source.CreateCommand("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'berth' AND column_name = 'version'");
            await using var row = await find.ExecuteReaderAsync(Cancellation);
            Assert.True(await row.ReadAsync(Cancellation));
            var (table, column) = (row.GetString(0), row.GetString(1));
            await row.CloseAsync();
            await using var change = source.CreateCommand($"UPDATE berth.{table} SET {column} = 1000");
            Assert.Equal(1, await change.ExecuteNonQueryAsync(Cancellation));
        }

        Assert.Contains("1000", await RefuseAsync((ConnectionString, postgres.ConnectionString)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("REGISTRY_STORAGE_S3_SECRETKEY", "wrong")]
    [InlineData("REGISTRY_STORAGE_S3_BUCKET", "nobody-made-this")]
    public async Task With_a_bucket_that_cannot_be_used_a_server_does_not_start(string setting, string value)
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ConnectionString] = postgres.ConnectionString,
            ["REGISTRY_STORAGE_S3_ACCESSKEY"] = S3Server.AccessKey,
            ["REGISTRY_STORAGE_S3_SECRETKEY"] = S3Server.SecretKey,
            ["REGISTRY_STORAGE_S3_REGIONENDPOINT"] = s3.Address.ToString(),
            ["REGISTRY_STORAGE_S3_FORCEPATHSTYLE"] = "true",
            ["REGISTRY_STORAGE_S3_BUCKET"] = "anything",
            [setting] = value,
        };

        await using var server = ServerProcess.LaunchIn(
            _folder.FullPath, [], [("REGISTRY_HTTP_ADDR", "127.0.0.1:0"), .. settings.Select(pair => (pair.Key, pair.Value))]);

        Assert.False(await server.TryListenAsync(Cancellation));
        Assert.Equal(Usage, await server.EndAsync(Cancellation));
        Assert.DoesNotContain(S3Server.SecretKey, server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_its_database_is_away_a_server_asks_for_patience_and_then_serves_again()
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        await using var server = await StartAsync((ConnectionString, postgres.ConnectionString));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        using (var before = await client.PostAsync("/v2/app/blobs/uploads/", content: null, Cancellation))
        {
            Assert.Equal(HttpStatusCode.Accepted, before.StatusCode);
        }

        await postgres.CrashAsync(Cancellation);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, method == HttpMethod.Get ? "/v2/app/tags/list" : "/v2/app/blobs/uploads/");
            using var meanwhile = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, meanwhile.StatusCode);
            Assert.NotNull(meanwhile.Headers.RetryAfter);
            Assert.StartsWith("""{"errors":[""", await meanwhile.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await postgres.StartAgainAsync(Cancellation);
        using var after = await client.PostAsync("/v2/app/blobs/uploads/", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, after.StatusCode);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = ServerProcess.Launch(_folder["data"], [], settings);
        await server.WaitUntilListeningAsync(Cancellation);
        return server;
    }

    /// <returns>What the server said before it gave up.</returns>
    private async Task<string> RefuseAsync(params (string Name, string Value)[] settings)
    {
        await using var server = ServerProcess.Launch(_folder["data"], [], settings);
        Assert.False(await server.TryListenAsync(Cancellation));
        Assert.Equal(Usage, await server.EndAsync(Cancellation));
        return server.Log;
    }
}
