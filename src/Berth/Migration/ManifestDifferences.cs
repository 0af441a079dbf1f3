using System.Runtime.CompilerServices;
using Berth.Metadata;

namespace Berth.Migration;

/// <summary>Compares the manifests of a repository on both sides, without their bytes.</summary>
/// <remarks>
/// Both listings are in the order of pushes. Mostly the target has a beginning of what the source has, so walking along both at once
/// needs no memory and no lookup; what is out of place on the way is kept until the target has no more. Whoever acts on a difference
/// that is not an extra does not disturb the walk: it has left the target by then.
/// </remarks>
internal static class ManifestDifferences
{
    /// <summary>Extras first, and then what is to be put into the target, in the source's order.</summary>
    public static async IAsyncEnumerable<ManifestDifference> ListAsync(
        IMetadataStore source, IMetadataStore target, RepositoryName repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var misplaced = new Dictionary<Digest, ListedManifest>();
        var reordered = new HashSet<Digest>(); // subjects of which a referrer goes to the end of the list, so that those behind it must follow
        Digest? kept = null;
        await using var theirs = source.Listing.ListManifestsAsync(repository, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var ours = target.Listing.ListManifestsAsync(repository, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasTheirs = await theirs.MoveNextAsync();
        var hasOurs = await ours.MoveNextAsync();
        while (hasOurs)
        {
            var found = ours.Current;
            if (hasTheirs && theirs.Current.Digest == found.Digest)
            {
                var wanted = theirs.Current;
                if (!wanted.IsSameAs(found) || (wanted.Subject is { } subject && reordered.Contains(subject)))
                {
                    misplaced[wanted.Digest] = wanted;
                }

                hasTheirs = await theirs.MoveNextAsync();
                hasOurs = await ours.MoveNextAsync();
            }
            else if (misplaced.TryGetValue(found.Digest, out var passed))
            {
                // The order of what has no subject is of no meaning.
                if (passed.Subject is null && passed.IsSameAs(found))
                {
                    misplaced.Remove(found.Digest);
                }

                hasOurs = await ours.MoveNextAsync();
            }
            else if (!hasTheirs || (kept != found.Digest && await source.Manifests.FindAsync(repository, found.Digest, cancellationToken) is null))
            {
                yield return new ManifestDifference(ManifestDifferenceKind.Extra, found);
                hasOurs = await ours.MoveNextAsync();
            }
            else
            {
                kept = found.Digest; // it comes later in the source
                var wanted = theirs.Current;
                misplaced[wanted.Digest] = wanted;
                if (wanted.Subject is { } subject)
                {
                    reordered.Add(subject);
                }

                hasTheirs = await theirs.MoveNextAsync();
            }
        }

        foreach (var manifest in misplaced.Values.OrderBy(manifest => manifest.Position))
        {
            yield return new ManifestDifference(ManifestDifferenceKind.Misplaced, manifest);
        }

        for (; hasTheirs; hasTheirs = await theirs.MoveNextAsync())
        {
            yield return new ManifestDifference(ManifestDifferenceKind.Missing, theirs.Current);
        }
    }
}
