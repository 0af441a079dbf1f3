using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Amazon.S3;
using Berth.Safety.Tests.History;
using Berth.Safety.Tests.Load;
using Berth.Testing;
using Npgsql;

namespace Berth.Safety.Tests;

/// <summary>A registry moves from one kind of stores to another one, and its clients find everything there.</summary>
public sealed class MigrationTests(S3Server s3) : IDisposable
{
    private const int Identical = 0;
    private const int Failure = 1;
    private const int Usage = 2;
    private const int Different = 3;
    private const int InUse = 75;

    private readonly TemporaryFolder _folder = new();
    private readonly CallLog _log = new();
    private readonly Stock _stock = Stock.Create(7);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Old => WriteFolder("old");

    /// <summary>I4, I1, I2, I3: what was acknowledged before the switch is there after it, and what was deleted is not.</summary>
    [Fact]
    public async Task A_registry_moves_to_PostgreSQL_and_a_bucket_and_back_while_it_is_pushed_to_and_the_migration_is_killed()
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var remote = await WriteRemoteAsync(postgres);
        var back = WriteFolder("back");

        await using (var server = await ServeAsync(Old))
        {
            await MoveWhileServedAsync(server, Old, remote, () => CountAsync(postgres), () => CrashAsync(postgres, remote));
        }

        await using (var server = await ServeAsync(remote))
        {
            await JudgeAsync(server);
            await MoveWhileServedAsync(server, remote, back, () => CountAsync("back"), () => Task.CompletedTask);
        }

        await using (var server = await ServeAsync(back))
        {
            await JudgeAsync(server);
        }

        await DemandCleanAsync(remote);
        await DemandCleanAsync(back);
    }

    [Fact]
    public async Task Referrers_and_what_was_accepted_without_its_layers_are_answered_alike_before_and_after()
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var sparse = WriteFolder("old", "validation:\n  manifests:\n    sparse: true\n");
        string[] subjects = [$"sha256:{new string('1', 64)}", $"sha512:{new string('2', 128)}"];
        string[] paths;
        string[] answers;
        await using (var server = await ServeAsync(sparse))
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
            var manifests = new List<string>();
            for (var index = 0; index < 12; index++)
            {
                using var push = await client.PutAsync($"/v2/signed/manifests/s{index}", Referrer(subjects[index % 2], 12 - index), Cancellation);
                Assert.Equal(HttpStatusCode.Created, push.StatusCode);
                manifests.Add(push.Headers.GetValues("Docker-Content-Digest").Single());
            }

            paths = [.. subjects.Select(subject => $"referrers/{subject}"), .. manifests.Select(digest => $"manifests/{digest}"), "manifests/s3", "tags/list"];
            answers = await ReadAsync(server, paths);
            Assert.All(answers.Take(2), answer => Assert.Equal(6, JsonNode.Parse(answer)!["manifests"]!.AsArray().Count));
        }

        var (remote, back) = (await WriteRemoteAsync(postgres), WriteFolder("back"));
        Assert.Equal(Identical, (await Migrate.RunAsync(sparse, remote, Cancellation)).ExitCode);
        await using (var server = await ServeAsync(remote))
        {
            Assert.Equal(answers, await ReadAsync(server, paths));
            Assert.Equal(Identical, (await Migrate.RunAsync(remote, back, Cancellation)).ExitCode);
        }

        await using (var server = await ServeAsync(back))
        {
            Assert.Equal(answers, await ReadAsync(server, paths));
        }

        await DemandCleanAsync(remote);
        await DemandCleanAsync(back);
    }

    [Fact]
    public async Task A_damaged_blob_is_named_with_what_needs_it_and_the_exit_code_says_so()
    {
        var image = await PushAsync(Old);
        var (algorithm, hex) = (image.Blobs[1].Digest.Split(':')[0], image.Blobs[1].Digest.Split(':')[1]);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder["old"], "blobs", algorithm, hex[..2], hex[2..4]), $"{hex}.*"));
        File.Delete(file);

        var (exitCode, output) = await Migrate.RunAsync(Old, WriteFolder("new"), Cancellation);

        Assert.Equal(Different, exitCode);
        Assert.Contains($"{image.Blobs[1].Digest}: was not moved: its object {Path.GetExtension(file)[1..]} should have", output, StringComparison.Ordinal);
        Assert.Contains($"{_stock.Repositories[0]}@{image.Digest}: was not moved: it needs {image.Blobs[1].Digest}", output, StringComparison.Ordinal);
        Assert.Contains($"{_stock.Repositories[0]}:latest: was not moved", output, StringComparison.Ordinal);
        Assert.Contains("must be repaired in the source", output, StringComparison.Ordinal);
        await DemandCleanAsync(WriteFolder("new"));
    }

    [Fact]
    public async Task What_is_served_or_is_the_source_itself_is_left_alone()
    {
        await PushAsync(Old);
        var target = WriteFolder("new");

        Assert.Equal((Usage, "Source and target have the same data folder: choose another target.\n"), await Migrate.RunAsync(Old, Old, Cancellation));
        Assert.Equal(Identical, (await Migrate.RunAsync(Old, target, Cancellation)).ExitCode);
        await using (var server = await ServeAsync(target))
        {
            Assert.Equal(InUse, (await Migrate.RunAsync(Old, target, Cancellation)).ExitCode);
            await server.StopAsync(Cancellation);
        }

        var (exitCode, output) = await Migrate.RunAsync(Old, target, Cancellation);
        Assert.Equal(Usage, exitCode);
        Assert.StartsWith("The target has been served", output, StringComparison.Ordinal);
        await using var again = await ServeAsync(target);
        using var clients = new Clients(again.Address, _log, _stock, []);
        await clients.SettleAsync(Cancellation);
    }

    [Fact]
    public async Task Without_its_database_a_migration_fails_with_a_reason_and_later_goes_on()
    {
        await PushAsync(Old);
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var remote = await WriteRemoteAsync(postgres);
        await postgres.CrashAsync(Cancellation);

        var (exitCode, output) = await Migrate.RunAsync(Old, remote, Cancellation);
        Assert.Equal(Failure, exitCode);
        Assert.StartsWith("PostgreSQL cannot be reached", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);

        await postgres.StartAgainAsync(Cancellation);
        var again = await Migrate.RunAsync(Old, remote, Cancellation);
        Assert.EndsWith("Source and target are identical.\n", again.Output, StringComparison.Ordinal);
        Assert.Equal(Identical, again.ExitCode);
        Assert.Equal(
            (Usage, "Source and target have the same bucket and rootdirectory: choose another target.\n"), await Migrate.RunAsync(remote, remote, Cancellation));
    }

    [Fact]
    public async Task A_source_whose_bucket_cannot_be_read_is_a_failure_not_a_list_of_damaged_blobs()
    {
        await PushAsync(Old);
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var remote = await WriteRemoteAsync(postgres);
        Assert.Equal(Identical, (await Migrate.RunAsync(Old, remote, Cancellation)).ExitCode);
        var text = await File.ReadAllTextAsync(remote, Cancellation);
        await File.WriteAllTextAsync(remote, text.Replace(S3Server.SecretKey, "wrong", StringComparison.Ordinal), Cancellation);

        var (exitCode, output) = await Migrate.RunAsync(remote, WriteFolder("back"), Cancellation);

        Assert.True(exitCode == Failure, output);
        Assert.DoesNotContain("was not moved", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Lets clients work on the source while a run is killed twice, comes to further harm, and then gets to its end; when they have
    /// stopped, the last run is the short one.
    /// </summary>
    private async Task MoveWhileServedAsync(ServerProcess server, string from, string to, Func<Task<long>> countAsync, Func<Task> harmAsync)
    {
        var end = new TaskCompletionSource();
        using var clients = new Clients(server.Address, _log, _stock, new ConcurrentBag<Upload>());
        var work = clients.Work(4, new Random(7), end.Task, Cancellation);
        await Task.WhenAny([_log.WhenAnsweredAsync(600), .. work]);
        foreach (var blobs in new[] { 2, 8 })
        {
            await Migrate.KillAsync(from, to, async () => await countAsync() >= blobs, Cancellation);
        }

        await harmAsync();
        var (exitCode, output) = await Migrate.RunAsync(from, to, Cancellation);
        Assert.True(exitCode is Identical or Different, output);
        Assert.DoesNotContain("was not moved", output, StringComparison.Ordinal);
        await Task.WhenAny([_log.WhenAnsweredAsync(200), .. work]);
        end.SetResult();
        await Task.WhenAll(work);
        await clients.SettleAsync(Cancellation);
        Assert.Empty(clients.Wire.Faults);

        (exitCode, output) = await Migrate.RunAsync(from, to, Cancellation);
        Assert.True(exitCode == Identical, output);
        Assert.EndsWith("Source and target are identical.\n", output, StringComparison.Ordinal);
        Assert.Equal(Identical, (await Migrate.RunAsync(from, to, Cancellation)).ExitCode);
    }

    /// <summary>Takes the target's database away in the middle of a run.</summary>
    private async Task CrashAsync(PostgresServer postgres, string remote)
    {
        var run = Migrate.RunAsync(Old, remote, Cancellation);
        await Migrate.WaitAsync(run, async () => await CountAsync(postgres) >= 16, Cancellation);
        await postgres.CrashAsync(Cancellation);
        var (exitCode, output) = await run;
        Assert.True(exitCode == Failure, $"it ended with {exitCode}:\n{output}");
        Assert.EndsWith("run the same command again to go on.\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        await postgres.StartAgainAsync(Cancellation);
    }

    /// <summary>Reads every blob, manifest and tag that clients know of, and compares.</summary>
    private async Task JudgeAsync(ServerProcess server)
    {
        using var clients = new Clients(server.Address, _log, _stock, new ConcurrentBag<Upload>());
        await clients.SettleAsync(Cancellation);
        Assert.Empty(clients.Wire.Faults);
    }

    private static async Task<string[]> ReadAsync(ServerProcess server, string[] paths)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://{server.Address}") };
        var answers = new List<string>();
        foreach (var path in paths)
        {
            answers.Add(await client.GetStringAsync($"/v2/signed/{path}", Cancellation));
        }

        return [.. answers];
    }

    /// <summary>An image whose blobs nobody has.</summary>
    private static StringContent Referrer(string subject, int number)
    {
        const string MediaType = "application/vnd.oci.image.manifest.v1+json";
        var text = $$"""
            {"schemaVersion":2,"mediaType":"{{MediaType}}","artifactType":"application/x-{{number}}","annotations":{"number":"{{number}}"},
            "config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:{{new string('3', 64)}}","size":2},
            "layers":[{"mediaType":"application/x-layer","digest":"sha256:{{new string('4', 64)}}","size":{{number}} }],
            "subject":{"mediaType":"{{MediaType}}","digest":"{{subject}}","size":7} }
            """;
        return new StringContent(text, new MediaTypeHeaderValue(MediaType));
    }

    private async Task<Image> PushAsync(string configuration)
    {
        await using var server = await ServeAsync(configuration);
        using var clients = new Clients(server.Address, _log, _stock, new ConcurrentBag<Upload>());
        var image = _stock.Images[0];
        await clients.PushNeedsAsync(_stock.Repositories[0], image, Cancellation);
        await clients.Contents.PushManifestAsync(_stock.Repositories[0], image, ["latest"], Cancellation);
        Assert.Equal(0, await server.StopAsync(Cancellation));
        return image;
    }

    private async Task<ServerProcess> ServeAsync(string configuration)
    {
        var server = ServerProcess.LaunchIn(_folder.FullPath, [], Settings(configuration));
        await server.WaitUntilListeningAsync(Cancellation);
        return server;
    }

    private static async Task DemandCleanAsync(string configuration)
    {
        var (exitCode, output) = await Fsck.RunAsync(Settings(configuration), ["--deep"], Cancellation);
        Assert.True(exitCode == 0, output);
    }

    private static (string Name, string Value)[] Settings(string configuration) => [("REGISTRY_CONFIGURATION_PATH", configuration)];

    private static async Task<long> CountAsync(PostgresServer postgres)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM berth.blobs");
        try
        {
            return (long)(await command.ExecuteScalarAsync(Cancellation))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0; // the migration has not come that far
        }
    }

    private Task<long> CountAsync(string folder)
    {
        var blobs = new DirectoryInfo(Path.Combine(_folder[folder], "blobs"));
        return Task.FromResult(blobs.Exists ? blobs.EnumerateFiles("*", SearchOption.AllDirectories).LongCount() : 0);
    }

    private string WriteFolder(string name, string more = "") => Write(name, $"  filesystem:\n    rootdirectory: {_folder[name]}\n", more);

    private async Task<string> WriteRemoteAsync(PostgresServer postgres)
    {
        var bucket = $"migration-{Guid.CreateVersion7():N}";
        var configuration = new AmazonS3Config { ServiceURL = s3.Address.ToString(), ForcePathStyle = true };
        using var client = new AmazonS3Client(S3Server.AccessKey, S3Server.SecretKey, configuration);
        await client.PutBucketAsync(bucket, Cancellation);
        return Write(
            "remote",
            $"""
              s3:
                accesskey: {S3Server.AccessKey}
                secretkey: {S3Server.SecretKey}
                regionendpoint: {s3.Address}
                forcepathstyle: true
                bucket: {bucket}
                chunksize: 5242880
              redirect:
                disable: true

            """,
            $"metadata:\n  postgres:\n    connectionstring: {postgres.ConnectionString};Timeout=5\n");
    }

    private string Write(string name, string storage, string more)
    {
        var path = _folder[$"{name}.yml"];
        File.WriteAllText(path, $"version: 0.1\nlog:\n  level: warn\nhttp:\n  addr: 127.0.0.1:0\nstorage:\n{storage}{more}");
        return path;
    }
}
