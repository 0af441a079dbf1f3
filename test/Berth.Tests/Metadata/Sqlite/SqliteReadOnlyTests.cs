using Berth.Metadata.Sqlite;
using Berth.Storage;
using Berth.Testing.Metadata;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteReadOnlyTests : MetadataStoreContract<SqliteTestDatabase>
{
    [Fact]
    public async Task A_store_for_reading_sees_what_the_writing_one_commits()
    {
        await using var reading = await OpenReadOnlyAsync();

        var image = await PushImageAsync(App, "app", Latest);

        Assert.Equal(image.Digest, (await reading.Manifests.FindAsync(App, Latest, Cancellation))?.Digest);
        Assert.Empty(await reading.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_store_for_reading_refuses_changes_and_hinders_none()
    {
        await using var reading = await OpenReadOnlyAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => reading.Uploads.CreateAsync(NewUpload(App), Cancellation));

        await PushImageAsync(App, "app", Latest);
        Assert.False(reading.Broken.IsCompleted);
    }

    [Fact]
    public async Task A_store_for_reading_leaves_the_database_as_it_is()
    {
        await PushImageAsync(App, "app", Latest);
        await Store.DisposeAsync();
        var before = await File.ReadAllBytesAsync(Database.Path, Cancellation);

        await using (var reading = await OpenReadOnlyAsync())
        {
            Assert.Empty(await reading.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(Database.Path, Cancellation));
    }

    [Fact]
    public async Task A_store_for_reading_creates_no_database()
    {
        var path = Path.Combine(Path.GetDirectoryName(Database.Path)!, "absent.db");

        await Assert.ThrowsAsync<StorageException>(() => SqliteMetadataStore.OpenReadOnlyAsync(path, Clock, Cancellation));

        Assert.False(File.Exists(path));
    }

    private Task<SqliteMetadataStore> OpenReadOnlyAsync() => SqliteMetadataStore.OpenReadOnlyAsync(Database.Path, Clock, Cancellation);
}
