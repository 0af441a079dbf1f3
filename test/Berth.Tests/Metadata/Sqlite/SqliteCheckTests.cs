using Berth.Storage;
using Berth.Testing.Metadata;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>Each damage is found, and found as what it is.</summary>
public sealed class SqliteCheckTests : MetadataStoreContract<SqliteTestDatabase>
{
    [Theory]
    [InlineData("UPDATE tags SET manifest_id = 999", "F1 team/app:latest")]
    [InlineData("UPDATE tags SET repository_id = (SELECT id FROM repositories WHERE name = 'team/other')", "F1 team/other:latest")]
    [InlineData("UPDATE tags SET repository_id = 999", "F1 (no repository):latest")]
    [InlineData("DELETE FROM repository_blobs WHERE digest = (SELECT digest FROM blobs WHERE size = 12)", "F3 team/app@{image}")]
    [InlineData("UPDATE blobs SET size = 13 WHERE size = 12", "F3 team/app@{image}")]
    [InlineData("UPDATE manifest_references SET kind = 1 WHERE size = 12", "F3 team/app@{image}")]
    [InlineData("DELETE FROM manifests WHERE subject IS NULL AND media_type LIKE '%manifest%'", "F3 team/app@{index}")]
    [InlineData("UPDATE manifest_references SET size = 1 WHERE kind = 1", "F3 team/app@{index}")]
    [InlineData("INSERT INTO pending_deletes SELECT key, NULL, 0 FROM blobs WHERE size = 12", "F5 {layer}")]
    [InlineData("INSERT INTO pending_deletes SELECT key, NULL, 0 FROM uploads", "F5 {upload}")]
    [InlineData("UPDATE uploads SET key = (SELECT key FROM blobs WHERE size = 12)", "F5 {layer}")]
    [InlineData("UPDATE manifests SET subject = NULL WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("UPDATE manifests SET artifact_type = 'application/x-other' WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("UPDATE manifests SET annotations = NULL WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("UPDATE manifests SET annotations = '{\"a\":\"c\"}' WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("UPDATE manifests SET annotations = 'no JSON' WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("UPDATE manifests SET size = size + 1 WHERE subject IS NOT NULL", "F7 team/app@{referrer}")]
    [InlineData("DELETE FROM manifest_references WHERE size = 12", "F7 team/app@{image}")]
    [InlineData("UPDATE manifest_references SET digest = 'sha512:' || printf('%0128d', 0), is_demanded = 0 WHERE size = 12", "F7 team/app@{image}")]
    [InlineData("UPDATE repositories SET has_manifests = 0", "F7 team/app")]
    [InlineData("UPDATE repositories SET has_manifests = 1", "F7 team/other")]
    [InlineData("DELETE FROM repositories WHERE name = 'team/other'", "F9 repository_blobs")]
    [InlineData("DELETE FROM blobs WHERE size = 12", "F9 repository_blobs")]
    public async Task A_damaged_row_is_found(string damage, string expected)
    {
        var names = await FillAsync();

        Database.Damage(damage);

        expected = names.Aggregate(expected, (text, name) => text.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));
        Assert.Contains(expected, await FindingsAsync());
    }

    [Fact]
    public async Task An_index_that_lost_an_entry_is_found()
    {
        await FillAsync();
        Database.Damage(
            """
            PRAGMA writable_schema = ON;
            CREATE TABLE aside AS SELECT name, rootpage FROM sqlite_schema WHERE name = 'manifest_references_digest';
            DELETE FROM sqlite_schema WHERE name = 'manifest_references_digest';
            """);
        Database.Damage("DELETE FROM manifest_references WHERE size = 12");
        Database.Damage(
            """
            PRAGMA writable_schema = ON;
            INSERT INTO sqlite_schema SELECT 'index', name, 'manifest_references', rootpage,
                'CREATE INDEX manifest_references_digest ON manifest_references (digest, repository_id, is_demanded)' FROM aside;
            """);

        Assert.Contains("F9 database", await FindingsAsync());
    }

    [Fact]
    public async Task Pages_full_of_noise_are_findings_and_not_a_crash()
    {
        await FillAsync();
        await OverwriteTablesAsync(0xA5);

        Assert.Contains("F9 database", await FindingsAsync());
    }

    [Fact]
    public async Task A_check_can_be_cancelled()
    {
        await FillAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.Inspection.CheckAsync(new CancellationToken(canceled: true)).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_column_that_holds_no_such_value_is_a_fault_of_the_database_and_no_refusal()
    {
        await PushImageAsync(App, "app", Latest);
        Database.Damage("UPDATE manifests SET digest = 'no digest'");

        var fault = await Assert.ThrowsAsync<StorageException>(() => Store.Manifests.FindAsync(App, Latest, Cancellation));

        Assert.False(fault.IsTransient);
    }

    [Fact]
    public async Task A_corrupt_database_takes_no_further_change()
    {
        await FillAsync();
        await OverwriteTablesAsync(0);
        var store = Assert.IsType<Berth.Metadata.Sqlite.SqliteMetadataStore>(Store);

        Assert.False((await Assert.ThrowsAsync<StorageException>(() => PushBlobAsync(App, "hello"))).IsTransient);
        var refusal = await Assert.ThrowsAsync<StorageException>(() => Store.PendingDeletes.RemoveAsync([], Cancellation));

        Assert.False(refusal.IsTransient);
        Assert.False((await store.Broken).IsTransient);
    }

    /// <summary>Overwrites the first page of every table and index.</summary>
    private async Task OverwriteTablesAsync(byte value)
    {
        await Store.DisposeAsync();
        var page = new byte[4096];
        page.AsSpan().Fill(value);
        var pages = Database.Read("SELECT rootpage FROM sqlite_schema WHERE rootpage > 1", row => row.GetInt64(0));
        await using (var file = new FileStream(Database.Path, FileMode.Open))
        {
            foreach (var number in pages)
            {
                file.Position = (number - 1) * page.Length;
                await file.WriteAsync(page, Cancellation);
            }
        }

        await InitializeAsync();
    }

    private async Task<Dictionary<string, string>> FillAsync()
    {
        var image = await PushImageAsync(App, "app", Latest); // the layer has 12 bytes
        var layer = await Store.Blobs.FindAnywhereAsync(Sample.DigestOf("layer of app"), Cancellation);
        var index = await PushAsync(App, Sample.Index(image));
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" };
        await PushBlobAsync(App, "a config");
        var referrer = await PushAsync(App, Sample.Image("a config", [], image.Digest, "application/x-type", annotations));
        await PushBlobAsync(Other, "alone");
        var upload = await StartUploadAsync(Other);
        return new(StringComparer.Ordinal)
        {
            ["image"] = image.Digest.Value,
            ["layer"] = layer!.Key.ToString(),
            ["index"] = index.Digest.Value,
            ["referrer"] = referrer.Digest.Value,
            ["upload"] = upload.Key.ToString(),
        };
    }

    private async Task<List<string>> FindingsAsync()
    {
        var findings = await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation);
        Assert.All(findings, finding => Assert.NotEmpty(finding.Message));
        return [.. findings.Select(finding => $"{finding.Invariant} {finding.Subject}")];
    }
}
