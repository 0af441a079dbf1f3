using Berth.Manifests;
using Berth.Metadata;

namespace Berth.Migration;

/// <summary>Puts the manifests that a repository of the target lacks, in the order of the source, with what the source demands of them.</summary>
internal sealed class ManifestMove(MigrationSide source, MigrationSide target, MigrationReport report, RepositoryName repository)
{
    private readonly List<ListedManifest> _postponed = [];
    private readonly HashSet<Digest> _failed = [];

    /// <returns>The manifests that the source does not have.</returns>
    public async Task<List<Digest>> RunAsync(CancellationToken cancellationToken)
    {
        var extra = new List<Digest>();
        await foreach (var (kind, manifest) in ManifestDifferences.ListAsync(source.Metadata, target.Metadata, repository, cancellationToken))
        {
            switch (kind)
            {
                case ManifestDifferenceKind.Extra:
                    extra.Add(manifest.Digest);
                    break;
                case ManifestDifferenceKind.Misplaced:
                    // What cannot be deleted, because an index demands it, is overwritten in its place. What cannot be put again is kept.
                    if (await ReadAsync(manifest, cancellationToken) is not null)
                    {
                        await target.Metadata.Manifests.DeleteAsync(repository, manifest.Digest, cancellationToken);
                        await PutAsync(manifest, cancellationToken);
                    }

                    break;
                default:
                    await PutAsync(manifest, cancellationToken);
                    break;
            }
        }

        foreach (var manifest in _postponed)
        {
            await PutAgainAsync(manifest, cancellationToken);
        }

        return extra;
    }

    private async Task PutAsync(ListedManifest manifest, CancellationToken cancellationToken)
    {
        if (await ReadAsync(manifest, cancellationToken) is not { } push)
        {
            _failed.Add(manifest.Digest);
            return;
        }

        var missing = await target.Metadata.Manifests.PutAsync(push, cancellationToken);
        if (missing.Count == 0)
        {
            return;
        }

        if (!await AreAllLaterAsync(missing, cancellationToken))
        {
            await FailAsync(manifest, missing, cancellationToken);
            return;
        }

        // A manifest that was accepted sparse, and demanded more when it was pushed again, demands what was pushed after it: it
        // keeps its place, and demands at the end.
        _postponed.Add(manifest);
        var later = missing.Select(reference => reference.Reference.Descriptor.Digest);
        await target.Metadata.Manifests.PutAsync(push with { Demanded = push.Demanded.Except(later).ToHashSet() }, cancellationToken);
    }

    private async Task PutAgainAsync(ListedManifest manifest, CancellationToken cancellationToken)
    {
        if (await ReadAsync(manifest, cancellationToken) is { } push
            && await target.Metadata.Manifests.PutAsync(push, cancellationToken) is { Count: > 0 } missing)
        {
            await FailAsync(manifest, missing, cancellationToken);
            await TakeBackAsync(manifest, cancellationToken);
        }
    }

    /// <summary>Whether everything that is missing are manifests that the run has not come to yet.</summary>
    private async Task<bool> AreAllLaterAsync(IReadOnlyList<MissingReference> missing, CancellationToken cancellationToken)
    {
        foreach (var reference in missing.Select(item => item.Reference))
        {
            var digest = reference.Descriptor.Digest;
            if (reference.Kind is not (ReferenceKind.Manifest or ReferenceKind.Either)
                || _failed.Contains(digest)
                || await source.Metadata.Manifests.FindAsync(repository, digest, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes a manifest that turned out to lack something, and what demands it.</summary>
    private async Task TakeBackAsync(ListedManifest manifest, CancellationToken cancellationToken)
    {
        while (await target.Metadata.Manifests.DeleteAsync(repository, manifest.Digest, cancellationToken) == DeleteOutcome.InUse)
        {
            var demanding = await target.Metadata.Listing.ListManifestsAsync(repository, cancellationToken)
                .FirstAsync(other => other.Digest != manifest.Digest && other.Demanded.Contains(manifest.Digest), cancellationToken);
            Report(demanding, $"it needs {manifest.Digest}, which was not moved either");
            await TakeBackAsync(demanding, cancellationToken);
        }
    }

    /// <returns>Null when it cannot be moved, or is gone by now.</returns>
    private async Task<ManifestPush?> ReadAsync(ListedManifest manifest, CancellationToken cancellationToken)
    {
        if (await source.Metadata.Manifests.FindAsync(repository, manifest.Digest, cancellationToken) is not { } row)
        {
            return null;
        }

        if (Digest.Of(row.Content.Span, row.Digest.Algorithm) != row.Digest)
        {
            Report(manifest, "its bytes do not hash to it");
            return null;
        }

        try
        {
            return new ManifestPush(repository, row.Digest, Manifest.Parse(row.Content, row.MediaType), manifest.Demanded, []);
        }
        catch (OciException unreadable)
        {
            Report(manifest, $"its bytes are no valid manifest: {unreadable.Error.Detail}");
            return null;
        }
    }

    /// <summary>Reports it, unless what it needs was pushed after the run looked for it.</summary>
    private async Task FailAsync(ListedManifest manifest, IReadOnlyList<MissingReference> missing, CancellationToken cancellationToken)
    {
        _failed.Add(manifest.Digest);
        foreach (var digest in missing.Select(reference => reference.Reference.Descriptor.Digest))
        {
            if (report.Has(digest.Value) || report.Has($"{repository}@{digest}"))
            {
                Report(manifest, $"it needs {digest}, which was not moved either");
            }
            else if (await source.Metadata.Blobs.FindAsync(repository, digest, cancellationToken) is null
                && await source.Metadata.Manifests.FindAsync(repository, digest, cancellationToken) is null)
            {
                Report(manifest, $"it needs {digest}, which the source does not have");
            }
        }
    }

    private void Report(ListedManifest manifest, string message) => report.Add($"{repository}@{manifest.Digest}", $"was not moved: {message}");
}
