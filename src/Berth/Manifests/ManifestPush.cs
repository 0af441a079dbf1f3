namespace Berth.Manifests;

/// <summary>A manifest on its way into a repository.</summary>
/// <param name="Repository">Where it goes.</param>
/// <param name="Digest">The digest of its bytes, by the algorithm the client chose.</param>
/// <param name="Manifest">The manifest.</param>
/// <param name="Demanded">Those of its references that must be live; the others are recorded only.</param>
/// <param name="Tags">Tags to point at it.</param>
/// <param name="MayOverwrite">Whether a tag that points at another manifest may be moved; if not, such a tag refuses the whole push.</param>
public sealed record ManifestPush(
    RepositoryName Repository, Digest Digest, Manifest Manifest, IReadOnlySet<Digest> Demanded, IReadOnlyList<Tag> Tags, bool MayOverwrite = true);
