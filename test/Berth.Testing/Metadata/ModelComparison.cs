using Berth.Metadata;
using Berth.Oci;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Testing.Metadata;

/// <summary>Does one thing to a store and to the model, and expects the same outcome; at the end, the same state.</summary>
/// <param name="store">The store.</param>
/// <param name="time">The store's clock.</param>
public sealed class ModelComparison(IMetadataStore store, TimeProvider time)
{
    private static readonly RepositoryName[] Names = [.. new[] { "a", "a/b", "c" }.Select(name => RepositoryName.Parse(name))];
    private static readonly Tag[] Tags = [.. new[] { "v1", "v2", "latest" }.Select(name => Tag.Parse(name))];
    private static readonly Manifest[] Manifests = [.. MakeManifests()];

    /// <summary>Blobs by their content. The last one is also a manifest.</summary>
    private static readonly string[] Contents =
        ["config", "layer 1", "layer 22", "layer 333", System.Text.Encoding.UTF8.GetString(Manifests[0].Content.Span)];

    private readonly MetadataModel _model = new();
    private readonly List<UploadRow> _uploads = [new(UploadId.Create(), BlobKey.Create(time), Names[0], DigestAlgorithm.Sha256, 0)]; // nobody started it

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Does what the numbers say.</summary>
    public async Task StepAsync((int Action, int A, int B, int C) step)
    {
        var (repository, other) = (Names[step.A % Names.Length], Names[step.B % Names.Length]);
        var content = Contents[step.B % Contents.Length];
        var digest = Sample.DigestOf(content);
        var manifest = Manifests[step.B % Manifests.Length];
        var (tag, one) = (Tags[step.C % Tags.Length], _uploads[^(1 + (step.C % Math.Min(3, _uploads.Count)))]);
        switch (step.Action)
        {
            case 0 or 1 or 2:
                var upload = new UploadRow(UploadId.Create(), BlobKey.Create(time), repository, DigestAlgorithm.Sha256, 0);
                await store.Uploads.CreateAsync(upload, Cancellation);
                _model.Uploads.Add(upload.Id, upload);
                _uploads.Add(upload);
                break;
            case 3 or 4 or 5 or 6:
                var damaged = step.C > 50 ? _model.Blobs.GetValueOrDefault(digest)?.Key : null;
                Assert.Equal(
                    _model.Attach(one.Id, digest, content.Length, damaged),
                    await store.Uploads.AttachAsync(one, digest, content.Length, damaged, Cancellation));
                break;
            case 7:
                Assert.Equal(_model.Discard(one.Id), await store.Uploads.DiscardAsync(one, committedAs: null, Cancellation));
                break;
            case 8 or 9:
                RepositoryName? source = step.C > 50 ? other : null;
                Assert.Equal(_model.Link(repository, digest, source), await store.Blobs.LinkAsync(repository, digest, source, Cancellation));
                break;
            case 10:
                Assert.Equal(_model.Unlink(repository, digest), await store.Blobs.UnlinkAsync(repository, digest, Cancellation));
                break;
            case 11 or 12 or 13 or 14 or 15:
                var push = Sample.Push(repository, manifest, step.C > 30 ? [tag] : []);
                push = step.C % 4 == 0 ? push with { Demanded = new HashSet<Digest>() } : push;
                Assert.Equal(
                    _model.Put(push), (await store.Manifests.PutAsync(push, Cancellation)).Select(missing => missing.Reference.Descriptor.Digest));
                break;
            case 16:
                var target = Digest.Of(manifest.Content.Span, DigestAlgorithm.Sha256);
                Assert.Equal(_model.Delete(repository, target), await store.Manifests.DeleteAsync(repository, target, Cancellation));
                break;
            case 17:
                var moved = Digest.Of(manifest.Content.Span, DigestAlgorithm.Sha256);
                Assert.Equal(_model.Move(repository, tag, moved), await store.Tags.MoveAsync(repository, tag, moved, mayOverwrite: true, Cancellation));
                break;
            case 18:
                Assert.Equal(_model.Tags.Remove((repository, tag)), await store.Tags.DeleteAsync(repository, tag, Cancellation));
                break;
            default:
                var keys = _model.PendingDeletes.Keys.Take(step.C % 3).ToList();
                keys.ForEach(key => _model.PendingDeletes.Remove(key));
                await store.PendingDeletes.RemoveAsync(keys, Cancellation);
                break;
        }
    }

    /// <summary>Compares everything, and expects no finding.</summary>
    public async Task CompareAsync()
    {
        Assert.Equal(_model.Blobs.Values.ToHashSet(), (await store.Inspection.ListBlobsAsync(Cancellation).ToListAsync(Cancellation)).ToHashSet());
        Assert.Equal(_model.Uploads.Values.ToHashSet(), (await store.Inspection.ListUploadsAsync(Cancellation).ToListAsync(Cancellation)).ToHashSet());
        Assert.Equal(
            _model.PendingDeletes.Select(pair => new PendingDelete(pair.Key, pair.Value)).ToHashSet(),
            (await store.PendingDeletes.ListAsync(after: null, int.MaxValue, Cancellation)).ToHashSet());
        Assert.Equal(
            _model.Manifests.Select(push => (push.Repository, push.Digest)),
            (await store.Inspection.ListManifestsAsync(Cancellation).ToListAsync(Cancellation)).Select(stored => (stored.Repository, stored.Row.Digest)));
        Assert.Equal(
            _model.Manifests.Select(push => push.Repository.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            (await store.Repositories.ListAsync(last: null, 100, Cancellation)).Select(name => name.Value));
        foreach (var repository in Names)
        {
            await CompareAsync(repository);
        }

        Assert.Empty(await store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    private async Task CompareAsync(RepositoryName repository)
    {
        var tags = _model.Tags.Where(tag => tag.Key.Repository == repository).OrderBy(tag => tag.Key.Tag.Value, StringComparer.Ordinal).ToList();
        Assert.Equal(
            _model.Repositories.Contains(repository) ? tags.Select(tag => tag.Key.Tag) : null,
            await store.Tags.ListAsync(repository, last: null, 100, Cancellation));
        foreach (var tag in tags)
        {
            Assert.Equal(tag.Value, (await store.Manifests.FindAsync(repository, tag.Key.Tag, Cancellation))?.Digest);
        }

        foreach (var digest in Contents.Select(Sample.DigestOf))
        {
            Assert.Equal(_model.Links.Contains((repository, digest)), await store.Blobs.FindAsync(repository, digest, Cancellation) is not null);
        }

        foreach (var subject in _model.Manifests.Select(push => push.Digest).Distinct())
        {
            Assert.Equal(
                _model.Manifests.Where(push => push.Repository == repository && push.Manifest.Subject?.Digest == subject).Select(push => push.Digest),
                (await store.Referrers.ListAsync(repository, subject, artifactType: null, after: 0, 100, Cancellation)).Select(row => row.Descriptor.Digest));
        }

        foreach (var (id, finished) in _model.Finished)
        {
            Digest? expected = finished.Repository == repository ? finished.Digest : null;
            Assert.Equal(expected, (await store.Uploads.FindFinishedAsync(repository, id, Cancellation))?.Digest);
        }
    }

    private static IEnumerable<Manifest> MakeManifests()
    {
        var image = Sample.Image("config", []);
        var digest = Digest.Of(image.Content.Span, DigestAlgorithm.Sha256);
        var other = Sample.Image("config", ["layer 1", "layer 22"]);
        yield return image;
        yield return other;
        yield return Sample.Image("layer 333", ["layer 1"], subject: digest);
        yield return Sample.Image("config", ["layer 22"], subject: digest, artifactType: "application/x-type");
        yield return Sample.Index((image.MediaType, digest, image.Content.Length));
        yield return Sample.Index(
            ("application/x-either", digest, image.Content.Length),
            (other.MediaType, Digest.Of(other.Content.Span, DigestAlgorithm.Sha256), other.Content.Length));
    }
}
