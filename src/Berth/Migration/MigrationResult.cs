namespace Berth.Migration;

/// <summary>What a run came to.</summary>
/// <param name="Problems">What cannot be moved until the source is repaired.</param>
/// <param name="Differences">What differed when both sides were compared at the end.</param>
public sealed record MigrationResult(IReadOnlyList<MigrationProblem> Problems, MigrationDifferences Differences)
{
    /// <summary>Whether the target holds what the source holds.</summary>
    public bool IsIdentical => Problems.Count == 0 && Differences.IsEmpty;
}
