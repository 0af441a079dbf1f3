namespace Berth.Migration;

/// <summary>Something of the source that cannot be moved as it is.</summary>
/// <param name="Subject">What: a digest, <c>repository@digest</c> or <c>repository:tag</c>.</param>
/// <param name="Message">Why.</param>
public sealed record MigrationProblem(string Subject, string Message);
