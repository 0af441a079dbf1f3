namespace Berth.Migration;

internal enum ManifestDifferenceKind
{
    /// <summary>The source does not have it.</summary>
    Extra,

    /// <summary>The target has nothing that comes after it, and not it.</summary>
    Missing,

    /// <summary>The target has it differently, or in another place among the referrers of its subject, or not at all but others that come after it.</summary>
    Misplaced,
}
