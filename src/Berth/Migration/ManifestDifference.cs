using Berth.Metadata;

namespace Berth.Migration;

internal sealed record ManifestDifference(ManifestDifferenceKind Kind, ListedManifest Manifest);
