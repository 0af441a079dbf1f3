using Berth.Manifests;
using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Testing.Metadata;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>I4: what is remembered is never older than what was acknowledged.</summary>
public sealed class SqliteMemoryTests : IAsyncLifetime
{
    private static readonly RepositoryName App = RepositoryName.Parse("app");
    private static readonly ManifestHead Old = new(Sample.DigestOf("old"), "application/x-old", 3);

    private readonly SqliteTestDatabase _database = new();
    private readonly SqliteMemory _memory = new(isWriterHere: true);
    private IMetadataStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await _database.OpenAsync(TimeProvider.System, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_row_is_found_until_its_repository_changes()
    {
        var rows = await RememberAsync(_memory);
        Assert.True(rows.TryFind(App, "latest", out _, out var row));
        Assert.Same(Old, await row);

        _memory.Close(App);
        _memory.Open(App);

        Assert.False(rows.TryFind(App, "latest", out _, out _));
    }

    [Fact]
    public async Task While_a_change_is_committed_nothing_is_found_and_nothing_remembered()
    {
        var rows = await RememberAsync(_memory);
        _memory.Close(App);
        _memory.Close(App); // two changes of one commit

        Assert.False(rows.TryFind(App, "latest", out var version, out _));
        await rows.RememberAsync(App, "latest", version, Task.FromResult<ManifestHead?>(Old));
        _memory.Open(App);
        _memory.Open(App);

        Assert.False(rows.TryFind(App, "latest", out _, out _));
    }

    [Fact]
    public async Task What_was_read_before_a_commit_is_not_found_after_it()
    {
        var rows = new RememberedRows<ManifestHead>(_memory);
        Assert.False(rows.TryFind(App, "latest", out var version, out _));
        _memory.Close(App);
        _memory.Open(App);

        await rows.RememberAsync(App, "latest", version, Task.FromResult<ManifestHead?>(Old));

        Assert.False(rows.TryFind(App, "latest", out _, out _));
    }

    [Fact]
    public async Task A_change_of_everything_forgets_everything()
    {
        var rows = await RememberAsync(_memory);

        _memory.Close(Touch.Everything);
        _memory.Open(Touch.Everything);

        Assert.False(rows.TryFind(App, "latest", out _, out _));
    }

    [Fact]
    public async Task Without_the_writer_nothing_is_remembered()
    {
        var rows = await RememberAsync(new SqliteMemory(isWriterHere: false));

        Assert.False(rows.TryFind(App, "latest", out _, out _));
    }

    [Fact]
    public async Task Readers_never_see_a_tag_go_back_while_it_is_moved()
    {
        const int Moves = 300;
        var latest = Tag.Parse("latest");
        var pushes = Enumerable.Range(0, Moves).Select(number => Sample.Push(App, Sample.Image($"config {number}", []), latest) with { Demanded = new HashSet<Digest>() }).ToList();
        var places = pushes.Select((push, place) => (push.Digest, place)).ToDictionary(pair => pair.Digest, pair => pair.place);
        await _store.Manifests.PutAsync(pushes[0], Cancellation);
        var acknowledged = 0;
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var seen = 0;
            while (!end.IsCancellationRequested)
            {
                var atLeast = Math.Max(seen, Volatile.Read(ref acknowledged));
                var head = await _store.Manifests.ResolveAsync(App, latest, Cancellation);
                seen = places[head!.Digest];
                Assert.True(seen >= atLeast, $"{seen} after {atLeast}");
            }
        }, Cancellation)).ToList();

        for (var number = 1; number < Moves; number++)
        {
            await _store.Manifests.PutAsync(pushes[number], Cancellation);
            Volatile.Write(ref acknowledged, number);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    private static async Task<RememberedRows<ManifestHead>> RememberAsync(SqliteMemory memory)
    {
        var rows = new RememberedRows<ManifestHead>(memory);
        rows.TryFind(App, "latest", out var version, out _);
        await rows.RememberAsync(App, "latest", version, Task.FromResult<ManifestHead?>(Old));
        return rows;
    }
}
