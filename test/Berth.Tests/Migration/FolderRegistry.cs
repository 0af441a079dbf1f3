using Berth.Access;
using System.IO.Pipelines;
using System.Text;
using Berth.Collection;
using Berth.Manifests;
using Berth.Metadata;
using Berth.Metadata.Sqlite;
using Berth.Migration;
using Berth.Storage;
using Berth.Storage.FileSystem;
using Berth.Testing;
using Berth.Uploads;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Migration;

/// <summary>A registry on a real database and a real folder.</summary>
public sealed class FolderRegistry : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;

    private FolderRegistry(RegistryOptions options)
    {
        _data = DataFolder.Open(_folder["data"], allowRemoteFileSystem: false, TimeProvider.System);
        Blobs = new FileSystemBlobStore(_data);
        Metadata = SqliteMetadataStore
            .OpenAsync(_data.DatabasePath, TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, Cancellation).GetAwaiter().GetResult();
        Registry = new Registry(Metadata, Blobs, options, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public FileSystemBlobStore Blobs { get; }

    public SqliteMetadataStore Metadata { get; }

    public Registry Registry { get; }

    public string DatabasePath => _data.DatabasePath;

    public MigrationSide Side => new(Metadata, Blobs);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static FolderRegistry Create(RegistryOptions? options = null) => new(options ?? new RegistryOptions());

    /// <summary>The same stores as somebody beside the registry sees them.</summary>
    public async Task<MigrationResult> MoveToAsync(FolderRegistry target)
    {
        using var data = DataFolder.OpenReadOnly(_data.FullPath);
        await using var metadata = await SqliteMetadataStore.OpenReadOnlyAsync(data.DatabasePath, TimeProvider.System, Cancellation);
        var source = new MigrationSide(metadata, new FileSystemBlobStore(data));
        return await new MigrationRun(source, target.Side, 4, TimeProvider.System, NullLoggerFactory.Instance).RunAsync(Cancellation);
    }

    public async Task<Digest> PushBlobAsync(RepositoryName repository, string content, DigestAlgorithm? algorithm = null)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = Digest.Of(bytes, algorithm ?? DigestAlgorithm.Sha256);
        var upload = await Registry.Uploads.StartAsync(Caller.Local, repository, digest.Algorithm, Cancellation);
        await Registry.Uploads.FinishAsync(Caller.Local, repository, upload.Id, digest, new UploadBody(PipeReader.Create(new MemoryStream(bytes))), Cancellation);
        return digest;
    }

    /// <summary>Pushes a manifest by its digest.</summary>
    public Task<ManifestPush> PushAsync(RepositoryName repository, Manifest manifest, params Tag[] tags) =>
        Registry.Manifests.PutAsync(Caller.Local, repository, Digest.Of(manifest.Content.Span, DigestAlgorithm.Sha256), manifest, tags, Cancellation);

    /// <summary>Everything that clients can see of it, a line of text each, in a fixed order; of referrers the order counts.</summary>
    public async Task<string[]> DescribeAsync()
    {
        var lines = new List<string>();
        await foreach (var repository in Metadata.Listing.ListRepositoriesAsync(Cancellation))
        {
            await foreach (var link in Metadata.Listing.ListLinksAsync(repository, Cancellation))
            {
                lines.Add($"{repository} has {link.Digest} of {link.Size} bytes: {await ReadAsync(link.Key, link.Digest)}");
            }

            var manifests = await Metadata.Listing.ListManifestsAsync(repository, Cancellation).ToListAsync(Cancellation);
            lines.AddRange(manifests.OrderBy(manifest => manifest.Digest.Value, StringComparer.Ordinal).Select(manifest =>
                $"{repository}@{manifest.Digest} {manifest.MediaType} {manifest.Size} demands {string.Join(',', manifest.Demanded.Select(digest => digest.Value).Order(StringComparer.Ordinal))}"));
            foreach (var subject in manifests.Select(manifest => manifest.Subject).OfType<Digest>().Distinct().OrderBy(digest => digest.Value, StringComparer.Ordinal))
            {
                var referrers = await Metadata.Referrers.ListAsync(repository, subject, artifactType: null, after: 0, 100, Cancellation);
                lines.Add($"{repository} refers to {subject}: {string.Join(' ', referrers.Select(row => row.Descriptor.Digest))}");
            }

            lines.AddRange(await Metadata.Listing.ListTagsAsync(repository, Cancellation).Select(tag => $"{repository}:{tag.Tag} is {tag.Digest}").ToListAsync(Cancellation));
        }

        return [.. lines];
    }

    public async Task<Finding[]> CheckAsync() => await new Fsck(Metadata, Blobs).RunAsync(isDeep: true, Cancellation).ToArrayAsync(Cancellation);

    /// <summary>The file that holds a blob.</summary>
    public FileInfo FileOf(Digest digest) => new(Assert.Single(
        Directory.GetFiles(Path.Combine(_data.FullPath, "blobs", digest.Algorithm.Name, digest.Hex[..2].ToString(), digest.Hex[2..4].ToString()), $"{digest.Hex}.*")));

    public async ValueTask DisposeAsync()
    {
        Registry.Dispose();
        await Metadata.DisposeAsync();
        _data.Dispose();
        _folder.Dispose();
    }

    private async Task<string> ReadAsync(BlobKey key, Digest digest)
    {
        using var content = await Blobs.OpenAsync(key, digest, Cancellation);
        var bytes = new byte[content!.Length];
        await content.ReadAsync(bytes, 0, Cancellation);
        return Encoding.UTF8.GetString(bytes);
    }
}
