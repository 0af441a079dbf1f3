using System.Globalization;
using Berth.Testing;
using Berth.Testing.Metadata;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>I4: nothing acknowledged is lost, whatever ends the process or fails on the disk.</summary>
public sealed class SqliteCrashTests : MetadataStoreContract<SqliteTestDatabase>
{
    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_was_killed()
    {
        var lines = new List<string>();
        await Store.DisposeAsync();
        await using (var child = await SqliteChildProcess.StartAsync(Database.Path))
        {
            for (var count = 0; count < 50; count++)
            {
                lines.Add(await child.ReadAsync() ?? "ended");
            }

            await child.KillAsync();
        }

        await InitializeAsync();
        Assert.All(lines, line => Assert.StartsWith("stored ", line, StringComparison.Ordinal));
        await AssertStoredAsync(lines);
    }

    [Theory]
    [InlineData("meta.db-wal", 20)] // of a commit
    [InlineData("meta.db", 1)] // of a checkpoint
    public async Task After_a_failed_fsync_nothing_more_is_written(string file, int occurrence)
    {
        var lines = await RunAsync(file, $"fsync:error=EIO:when={occurrence}"); // the fsyncs after it would succeed

        Assert.Equal(3, lines.SkipWhile(line => line.StartsWith("stored ", StringComparison.Ordinal)).Count());
        Assert.All(lines.TakeLast(3), line => Assert.StartsWith("broken ", line, StringComparison.Ordinal));
        await AssertStoredAsync(lines.SkipLast(3));
        foreach (var line in lines.TakeLast(2)) // the first may have happened, as its caller was told
        {
            Assert.Null(await FindAsync(line));
        }
    }

    [Fact]
    public async Task After_a_full_disk_the_store_goes_on()
    {
        var lines = await RunAsync("meta.db-wal", "pwrite64:error=ENOSPC:when=100+100");

        Assert.All(lines, line => Assert.True(line.StartsWith("stored ", StringComparison.Ordinal) || line.StartsWith("transient ", StringComparison.Ordinal), line));
        Assert.Contains(lines.SkipWhile(line => line.StartsWith("stored ", StringComparison.Ordinal)), line => line.StartsWith("stored ", StringComparison.Ordinal));
        await AssertStoredAsync(lines.Where(line => line.StartsWith("stored ", StringComparison.Ordinal)));
        foreach (var line in lines.Where(line => line.StartsWith("transient ", StringComparison.Ordinal)))
        {
            Assert.Null(await FindAsync(line));
        }
    }

    private async Task<List<string>> RunAsync(string file, string injection)
    {
        Require.Tool("strace");
        await Store.DisposeAsync();
        await using var child = await SqliteChildProcess.StartAsync(
            Database.Path,
            "strace", "-f", "-qq", "-o", "/dev/null", "-P", Path.Combine(Path.GetDirectoryName(Database.Path)!, file), "-e", $"inject={injection}");
        var lines = new List<string>();
        while (await child.ReadAsync() is { } line)
        {
            lines.Add(line);
        }

        await InitializeAsync();
        return lines;
    }

    private async Task AssertStoredAsync(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Assert.NotNull(await FindAsync(line));
        }

        Assert.Empty(await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    private Task<Berth.Manifests.ManifestRow?> FindAsync(string line)
    {
        var number = int.Parse(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        return Store.Manifests.FindAsync(SqliteChild.Repository, SqliteChild.PushOf(number).Digest, Cancellation);
    }
}
