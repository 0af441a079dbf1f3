using Berth.Oci;
using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>Pushes that are stopped between their checks and their commit, and what others do meanwhile over other connections.</summary>
public sealed class PostgresLockTests : MetadataStoreContract<PostgresTestDatabase>
{
    [Fact]
    public async Task A_blob_that_an_unfinished_push_demands_is_not_unlinked()
    {
        await PushBlobAsync(App, "config");
        var layer = await PushBlobAsync(App, "layer");
        await using var held = await HeldTag.HoldAsync(Database);
        var put = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("config", ["layer"]), HeldTag.Name), Cancellation);
        await held.WaitUntilAsync(1, put);

        var unlink = Store.Blobs.UnlinkAsync(App, layer.Digest, Cancellation);
        await held.WaitUntilAsync(2, unlink);
        await held.ReleaseAsync();

        Assert.Empty(await put);
        Assert.Equal(DeleteOutcome.InUse, await unlink);
        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task A_manifest_that_an_unfinished_push_demands_is_not_deleted()
    {
        var child = await PushImageAsync(App, "child");
        await using var held = await HeldTag.HoldAsync(Database);
        var put = Store.Manifests.PutAsync(Sample.Push(App, Sample.Index(child), HeldTag.Name), Cancellation);
        await held.WaitUntilAsync(1, put);

        var delete = Store.Manifests.DeleteAsync(App, child.Digest, Cancellation);
        await held.WaitUntilAsync(2, delete);
        await held.ReleaseAsync();

        Assert.Empty(await put);
        Assert.Equal(DeleteOutcome.InUse, await delete);
        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Referrers_that_are_pushed_at_once_are_all_met_by_somebody_who_reads_page_by_page()
    {
        var subject = Sample.DigestOf("subject");
        await PushImageAsync(App, "app"); // since the first pushes into a repository wait for one another anyway
        await PushBlobAsync(App, "first");
        await PushBlobAsync(App, "second");
        await using var held = await HeldTag.HoldAsync(Database);
        var first = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("first", [], subject), HeldTag.Name), Cancellation);
        await held.WaitUntilAsync(1, first);
        var second = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("second", [], subject)), Cancellation);
        await held.WaitUntilAsync(2, second);

        var met = (await Store.Referrers.ListAsync(App, subject, artifactType: null, after: 0, 10, Cancellation)).ToList();
        await held.ReleaseAsync();
        await Task.WhenAll(first, second);
        met.AddRange(await Store.Referrers.ListAsync(App, subject, artifactType: null, met.LastOrDefault()?.Position ?? 0, 10, Cancellation));

        Assert.Equal(2, met.Count);
    }

    [Fact]
    public async Task Referrers_of_other_subjects_are_not_waited_for()
    {
        await PushImageAsync(App, "app");
        await PushBlobAsync(App, "first");
        await PushBlobAsync(App, "second");
        await using var held = await HeldTag.HoldAsync(Database);
        var first = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("first", [], Sample.DigestOf("one subject")), HeldTag.Name), Cancellation);
        await held.WaitUntilAsync(1, first);

        Assert.Empty(await Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("second", [], Sample.DigestOf("another"))), Cancellation));

        Assert.False(first.IsCompleted);
        await held.ReleaseAsync();
        Assert.Empty(await first);
    }

    [Fact]
    public async Task A_repository_whose_last_manifest_is_deleted_while_another_is_pushed_stays_in_the_list()
    {
        var last = await PushImageAsync(App, "last");
        await PushBlobAsync(App, "config");
        await using var held = await HeldTag.HoldAsync(Database);
        var put = Store.Manifests.PutAsync(Sample.Push(App, Sample.Image("config", []), HeldTag.Name), Cancellation);
        await held.WaitUntilAsync(1, put);

        Assert.Equal(DeleteOutcome.Deleted, await Store.Manifests.DeleteAsync(App, last.Digest, Cancellation));
        await held.ReleaseAsync();

        Assert.Empty(await put);
        Assert.Equal([App], await Store.Repositories.ListAsync(last: null, 10, Cancellation));
        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Of_a_blob_and_a_manifest_that_both_satisfy_a_reference_one_stays()
    {
        for (var round = 0; round < 20; round++)
        {
            var child = await PushImageAsync(App, $"child {round}");
            await PushBlobAsync(App, System.Text.Encoding.UTF8.GetString(child.Manifest.Content.Span));
            await PushAsync(App, Sample.Index(("application/x-either", child.Digest, child.Manifest.Content.Length)));

            var outcomes = await Task.WhenAll(
                Store.Blobs.UnlinkAsync(App, child.Digest, Cancellation), Store.Manifests.DeleteAsync(App, child.Digest, Cancellation));

            Assert.Equal([DeleteOutcome.Deleted, DeleteOutcome.InUse], outcomes.Order());
        }

        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Pushes_of_one_manifest_into_a_new_repository_at_once_all_succeed()
    {
        for (var round = 0; round < 10; round++)
        {
            var repository = RepositoryName.Parse($"new/{round}");
            var push = Sample.Push(repository, Manifest.Parse("{}"u8.ToArray(), "application/x-unknown"), Latest, Tag.Parse("v1"));

            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Store.Manifests.PutAsync(push, Cancellation)));

            Assert.All(outcomes, Assert.Empty);
            Assert.Equal([Latest, Tag.Parse("v1")], await Store.Tags.ListAsync(repository, last: null, 10, Cancellation));
        }

        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Two_nodes_that_store_one_digest_at_once_keep_one_object_and_give_up_the_other()
    {
        await using var node = await Database.OpenStoreAsync(Clock);
        for (var round = 0; round < 20; round++)
        {
            var digest = Sample.DigestOf($"{round}");
            var (mine, theirs) = (await StartUploadAsync(App), await StartUploadAsync(Other));

            var outcomes = await Task.WhenAll(
                Store.Uploads.AttachAsync(mine, digest, 1, damaged: null, Cancellation),
                node.Uploads.AttachAsync(theirs, digest, 1, damaged: null, Cancellation));

            Assert.Equal([true, true], outcomes);
            var kept = await Store.Blobs.FindAsync(App, digest, Cancellation);
            Assert.Equal(kept, await Store.Blobs.FindAsync(Other, digest, Cancellation));
            var given = kept?.Key == mine.Key ? theirs.Key : mine.Key;
            Assert.Equal([KeyState.PendingDelete], await Store.Inspection.FindKeyAsync(given, Cancellation));
        }

        Assert.Empty(await CheckAsync());
    }

    [Fact]
    public async Task Of_two_nodes_that_finish_one_upload_at_once_one_succeeds()
    {
        await using var node = await Database.OpenStoreAsync(Clock);
        for (var round = 0; round < 20; round++)
        {
            var digest = Sample.DigestOf($"{round}");
            var upload = await StartUploadAsync(App);

            var outcomes = await Task.WhenAll(
                Store.Uploads.AttachAsync(upload, digest, 1, damaged: null, Cancellation),
                node.Uploads.AttachAsync(upload, digest, 1, damaged: null, Cancellation));

            Assert.Single(outcomes, isAttached => isAttached);
            Assert.Equal(new(digest, upload.Key, 1), await Store.Blobs.FindAsync(App, digest, Cancellation));
            Assert.Equal([KeyState.Blob], await Store.Inspection.FindKeyAsync(upload.Key, Cancellation));
        }
    }

    [Fact]
    public async Task A_change_that_is_cancelled_while_it_waits_did_not_happen()
    {
        await PushBlobAsync(App, "config");
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var push = Sample.Push(App, Sample.Image("config", []), HeldTag.Name);
        await using var held = await HeldTag.HoldAsync(Database);
        var put = Store.Manifests.PutAsync(push, impatience.Token);
        await held.WaitUntilAsync(1, put);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        await held.ReleaseAsync();
        Assert.Null(await Store.Manifests.FindAsync(App, push.Digest, Cancellation));
    }

    private ValueTask<List<Finding>> CheckAsync() => Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation);
}
