using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresCheckTests : MetadataStoreContract<PostgresTestDatabase>
{
    [Theory]
    [InlineData("F1", "UPDATE tags SET manifest_id = 1000")]
    [InlineData("F1", "UPDATE tags SET repository_id = 1000")]
    [InlineData("F3", "DELETE FROM repository_blobs WHERE digest IN (SELECT digest FROM manifest_references)")]
    [InlineData("F3", "UPDATE blobs SET size = size + 1")]
    [InlineData("F5", "INSERT INTO pending_deletes (key, created_at) SELECT key, 0 FROM blobs")]
    [InlineData("F5", "INSERT INTO pending_deletes (key, created_at) SELECT key, 0 FROM uploads")]
    [InlineData("F5", "UPDATE blobs SET key = (SELECT key FROM uploads) WHERE digest = (SELECT min(digest) FROM blobs)")]
    [InlineData("F7", "UPDATE repositories SET has_manifests = false")]
    [InlineData("F7", "UPDATE manifests SET subject = 'x'")]
    [InlineData("F7", "UPDATE manifests SET annotations = 'x'")]
    [InlineData("F7", "UPDATE manifests SET artifact_type = 'x'")]
    [InlineData("F7", "DELETE FROM manifest_references")]
    [InlineData("F9", "DELETE FROM blobs")]
    [InlineData("F9", "UPDATE manifests SET digest = 'x'")]
    [InlineData("F9", "ALTER TABLE blobs ADD CHECK (size > 1000000) NOT VALID")]
    public async Task Damage_is_found(string invariant, string damage)
    {
        await PushImageAsync(App, "app", Latest);
        await StartUploadAsync(App);
        Assert.Empty(await CheckAsync());

        await Database.ExecuteAsync($"SET search_path = {Database.Schema}; {damage}");

        Assert.Contains(await CheckAsync(), finding => finding.Invariant == invariant);
    }

    [Fact]
    public async Task A_repository_that_is_wrongly_said_to_have_manifests_is_neither_listed_nor_found_fault_with()
    {
        await PushBlobAsync(App, "a blob alone");
        await Database.ExecuteAsync($"UPDATE {Database.Schema}.repositories SET has_manifests = true");

        Assert.Empty(await CheckAsync());
        Assert.Empty(await Store.Repositories.ListAsync(last: null, 10, Cancellation));
    }

    private ValueTask<List<Finding>> CheckAsync() => Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation);
}
