using Berth.Access;
using System.Text;
using Berth.Manifests;
using Berth.Migration;
using Berth.Storage;
using Berth.Testing.Metadata;
using Berth.Uploads;
using Microsoft.Data.Sqlite;

namespace Berth.Tests.Migration;

public sealed class MigrationRunTests : IAsyncLifetime
{
    private static readonly RepositoryName App = RepositoryName.Parse("team/app");
    private static readonly RepositoryName Other = RepositoryName.Parse("team/other");
    private static readonly Tag Latest = Tag.Parse("latest");
    private static readonly Tag Old = Tag.Parse("old");

    private readonly FolderRegistry _target = FolderRegistry.Create();
    private FolderRegistry _source = FolderRegistry.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _target.DisposeAsync();
    }

    [Fact]
    public async Task Everything_that_clients_see_arrives_and_a_second_run_has_nothing_to_do()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await PushImageAsync(Other, "app", Latest, Old); // the same blobs
        var arm = await PushImageAsync(App, "arm");
        await _source.PushAsync(App, Sample.Index(image, arm), Tag.Parse("multi"));
        for (var index = 0; index < 9; index++)
        {
            await _source.PushAsync(App, Sample.Image("config of app", [], image.Digest, $"application/x-{9 - index}"));
        }

        await _source.PushBlobAsync(Other, "named by sha512", DigestAlgorithm.Sha512);
        await PushSha512Async(Other, "long");
        await _source.PushBlobAsync(App, "linked, and in no manifest");
        await _source.PushBlobAsync(App, new string('x', 3_000_000)); // many blocks

        Assert.True((await MoveAsync()).IsIdentical);

        await AssertEqualAsync();
        var objects = await CountObjectsAsync();
        Assert.True((await MoveAsync()).IsIdentical);
        Assert.Equal(objects, await CountObjectsAsync());
        Assert.Empty(await _target.CheckAsync());
    }

    [Fact]
    public async Task A_manifest_that_the_source_accepted_without_its_layers_arrives_without_them()
    {
        _source = await ReplaceAsync(new RegistryOptions { Demands = new ManifestDemands { IsSparseAllowed = true, IndexPlatforms = IndexPlatforms.None } });
        await _source.PushAsync(App, Sample.Image("absent", ["also absent"]), Latest);
        await _source.PushAsync(App, Sample.Index((MediaTypes.OciImageManifest, Sample.DigestOf("not there"), 7)), Old);

        Assert.True((await MoveAsync()).IsIdentical);

        await AssertEqualAsync();
    }

    [Fact]
    public async Task A_second_run_follows_what_was_pushed_moved_and_deleted_in_between()
    {
        var image = await PushImageAsync(App, "app", Latest, Old);
        var arm = await PushImageAsync(App, "arm");
        var index = await _source.PushAsync(App, Sample.Index(image, arm));
        await PushImageAsync(Other, "gone", Latest);
        await PushImageAsync(RepositoryName.Parse("a"), "first", Latest);
        Assert.True((await MoveAsync()).IsIdentical);

        await _source.Registry.Manifests.DeleteAsync(Caller.Local, App, index.Digest, Cancellation);
        await _source.Registry.Manifests.DeleteAsync(Caller.Local, App, arm.Digest, Cancellation);
        await _source.Registry.Blobs.DeleteAsync(Caller.Local, App, Sample.DigestOf("layer of arm"), Cancellation);
        await _source.Registry.Manifests.DeleteAsync(Caller.Local, Other, (await ManifestsAsync(_source, Other))[0], Cancellation);
        await _source.Metadata.Tags.DeleteAsync(App, Old, Cancellation);
        await PushImageAsync(App, "newer", Latest);
        await PushImageAsync(RepositoryName.Parse("z"), "last", Latest);

        Assert.True((await MoveAsync()).IsIdentical);
        await AssertEqualAsync();
        Assert.Empty(await ManifestsAsync(_target, Other));
    }

    [Fact]
    public async Task Referrers_keep_their_order_when_one_is_deleted_and_pushed_again_in_between()
    {
        var image = await PushImageAsync(App, "app", Latest);
        var signatures = new List<ManifestPush>();
        for (var index = 0; index < 5; index++)
        {
            signatures.Add(await _source.PushAsync(App, Sample.Image("config of app", [], image.Digest, $"application/x-{index}"), Tag.Parse($"s{index}")));
        }

        Assert.True((await MoveAsync()).IsIdentical);
        await _source.Registry.Manifests.DeleteAsync(Caller.Local, App, signatures[1].Digest, Cancellation);
        await _source.PushAsync(App, signatures[1].Manifest, Tag.Parse("s1"));
        await _source.PushAsync(App, Sample.Image("config of app", [], image.Digest, "application/x-last"));
        Assert.True((await MoveAsync()).IsIdentical);

        await AssertEqualAsync();
    }

    [Fact]
    public async Task A_manifest_that_came_to_demand_what_was_pushed_after_it_keeps_its_place_and_its_demand()
    {
        _source = await ReplaceAsync(new RegistryOptions { Demands = new ManifestDemands { IndexPlatforms = IndexPlatforms.None } });
        await _source.PushBlobAsync(App, "config of app");
        var subject = Sample.DigestOf("subject");
        var image = Sample.Image("config of app", [], subject);
        var index = Sample.Index(Sample.Push(App, image));
        await _source.PushAsync(App, index);
        await _source.PushAsync(App, Sample.Image("config of app", [], subject, "application/x-before"));
        await _source.PushAsync(App, image);
        Assert.Empty(await _source.Metadata.Manifests.PutAsync(Sample.Push(App, index), Cancellation)); // which demands, as by another configuration

        Assert.True((await MoveAsync()).IsIdentical);

        await AssertEqualAsync();
        Assert.Equal(await ManifestsAsync(_source, App), await ManifestsAsync(_target, App));
    }

    [Theory]
    [InlineData("do not hash to it", "flipped")]
    [InlineData("is missing", "missing")]
    [InlineData("has 11 bytes", "cut")]
    public async Task A_damaged_blob_is_reported_with_all_that_needs_it_and_the_rest_arrives(string message, string damage)
    {
        var image = await PushImageAsync(App, "app", Latest);
        var index = await _source.PushAsync(App, Sample.Index(image), Tag.Parse("multi"));
        var sound = await PushImageAsync(App, "sound", Old);
        var layer = Sample.DigestOf("layer of app");
        var file = _source.FileOf(layer);
        var bytes = await File.ReadAllBytesAsync(file.FullName, Cancellation);
        await DamageAsync(file, bytes, damage);

        var result = await MoveAsync();

        Assert.Equal(
            new[] { layer.Value, $"{App}@{image.Digest}", $"{App}@{index.Digest}", $"{App}:latest", $"{App}:multi" }.Order(StringComparer.Ordinal),
            result.Problems.Select(problem => problem.Subject));
        Assert.Contains(message, result.Problems.Single(problem => problem.Subject == layer.Value).Message, StringComparison.Ordinal);
        Assert.Equal(new MigrationDifferences(Blobs: 1, Links: 1, Manifests: 2, Tags: 2), result.Differences);
        Assert.Equal([sound.Digest], await ManifestsAsync(_target, App));
        Assert.Empty(await _target.CheckAsync());

        file.Delete();
        await File.WriteAllBytesAsync(file.FullName, bytes, Cancellation); // healed
        Assert.True((await MoveAsync()).IsIdentical);
        await AssertEqualAsync();
    }

    [Fact]
    public async Task What_demands_a_manifest_that_was_pushed_later_and_is_damaged_does_not_arrive()
    {
        _source = await ReplaceAsync(new RegistryOptions { Demands = new ManifestDemands { IndexPlatforms = IndexPlatforms.None } });
        var image = Sample.Push(App, Sample.Image("config of app", ["layer of app"]));
        var index = await _source.PushAsync(App, Sample.Index(image));
        var outer = Sample.Push(App, Sample.Index(index), Latest);
        Assert.Empty(await _source.Metadata.Manifests.PutAsync(outer, Cancellation)); // the index, which demands nothing yet
        await PushImageAsync(App, "app");
        Assert.Empty(await _source.Metadata.Manifests.PutAsync(Sample.Push(App, index.Manifest), Cancellation));
        _source.FileOf(Sample.DigestOf("layer of app")).Delete();

        var result = await MoveAsync();

        Assert.Equal(
            new[] { $"{App}@{image.Digest}", $"{App}@{index.Digest}", $"{App}@{outer.Digest}", $"{App}:latest", Sample.DigestOf("layer of app").Value }
                .Order(StringComparer.Ordinal),
            result.Problems.Select(problem => problem.Subject));
        Assert.Empty(await ManifestsAsync(_target, App));
        Assert.Empty(await _target.CheckAsync());
    }

    [Fact]
    public async Task A_manifest_whose_bytes_are_not_its_own_is_reported()
    {
        var image = await PushImageAsync(App, "app", Latest);
        await using (var connection = new SqliteConnection($"Data Source={_source.DatabasePath};Pooling=false"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = new SqliteCommand("UPDATE manifests SET content = CAST('{}' AS BLOB)", connection);
            Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
        }

        var result = await MoveAsync();

        Assert.Equal([$"{App}:latest", $"{App}@{image.Digest}"], result.Problems.Select(problem => problem.Subject));
        Assert.False(result.IsIdentical);
    }

    [Fact]
    public async Task What_a_killed_run_left_is_gone_after_the_next_one()
    {
        await PushImageAsync(App, "app", Latest);
        Assert.True((await MoveAsync()).IsIdentical);
        var before = await CountObjectsAsync();
        foreach (var isNamed in new[] { false, true }) // killed before and after the object got its name
        {
            var upload = new UploadRow(UploadId.Create(), BlobKey.Create(TimeProvider.System), App, DigestAlgorithm.Sha256, Offset: 0);
            await _target.Metadata.Uploads.CreateAsync(upload, Cancellation);
            await using (var staged = await _target.Blobs.StageAsync(upload.Key, offset: 0, parts: null, Cancellation))
            {
                await staged!.AppendAsync(Encoding.UTF8.GetBytes("half"), Cancellation);
                await staged.SyncAsync(Cancellation);
            }

            if (isNamed)
            {
                await _target.Blobs.CommitAsync(upload.Key, Sample.DigestOf("half"), parts: null, Cancellation);
            }
        }

        Assert.True((await MoveAsync()).IsIdentical);

        Assert.Equal(before, await CountObjectsAsync());
        Assert.Empty(await _target.Metadata.Inspection.ListUploadsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Empty(await _target.CheckAsync());
    }

    [Fact]
    public async Task A_registry_is_not_moved_into_itself()
    {
        var refusal = await Assert.ThrowsAsync<MigrationRefusedException>(() => _target.MoveToAsync(_target));

        Assert.Contains("same database", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_served_or_came_from_elsewhere_is_no_target_any_more()
    {
        await PushImageAsync(App, "app", Latest);
        Assert.True((await MoveAsync()).IsIdentical);
        await using var third = FolderRegistry.Create();
        await Assert.ThrowsAsync<MigrationRefusedException>(() => third.MoveToAsync(_target));

        await _target.Metadata.Identity.MarkServedAsync(Cancellation);
        await _source.Metadata.Tags.DeleteAsync(App, Latest, Cancellation);
        await Assert.ThrowsAsync<MigrationRefusedException>(MoveAsync);

        Assert.NotNull(await _target.Metadata.Tags.FindAsync(App, Latest, Cancellation));
    }

    private Task<MigrationResult> MoveAsync() => _source.MoveToAsync(_target);

    private async Task<ManifestPush> PushImageAsync(RepositoryName repository, string name, params Tag[] tags)
    {
        await _source.PushBlobAsync(repository, $"config of {name}");
        await _source.PushBlobAsync(repository, $"layer of {name}");
        return await _source.PushAsync(repository, Sample.Image($"config of {name}", [$"layer of {name}"]), tags);
    }

    private async Task PushSha512Async(RepositoryName repository, string name)
    {
        await PushImageAsync(repository, name);
        var image = Sample.Image($"config of {name}", [$"layer of {name}"]);
        await _source.Registry.Manifests.PutAsync(
            Caller.Local, repository, Digest.Of(image.Content.Span, DigestAlgorithm.Sha512), image, [Tag.Parse("sha512")], Cancellation);
    }

    private async Task<FolderRegistry> ReplaceAsync(RegistryOptions options)
    {
        await _source.DisposeAsync();
        return FolderRegistry.Create(options);
    }

    private async Task AssertEqualAsync()
    {
        Assert.Equal(await _source.DescribeAsync(), await _target.DescribeAsync());
        Assert.Empty(await _target.CheckAsync());
    }

    private async Task<int> CountObjectsAsync() => await _target.Blobs.ListAsync(Cancellation).CountAsync(Cancellation);

    private static async Task<Digest[]> ManifestsAsync(FolderRegistry registry, RepositoryName repository) =>
        await registry.Metadata.Listing.ListManifestsAsync(repository, Cancellation).Select(manifest => manifest.Digest).ToArrayAsync(Cancellation);

    private static async Task DamageAsync(FileInfo file, byte[] bytes, string damage)
    {
        file.Delete();
        if (damage != "missing")
        {
            byte[] damaged = damage == "cut" ? bytes[..^1] : [(byte)(bytes[0] ^ 1), .. bytes[1..]];
            await File.WriteAllBytesAsync(file.FullName, damaged, Cancellation);
        }
    }
}
