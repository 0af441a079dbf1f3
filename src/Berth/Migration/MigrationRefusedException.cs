namespace Berth.Migration;

/// <summary>The target must not be moved into, or not any more. The message, for the operator, says what to do.</summary>
/// <param name="isTemporary">Whether the same may be allowed later.</param>
public sealed class MigrationRefusedException(string message, bool isTemporary) : Exception(message)
{
    public bool IsTemporary { get; } = isTemporary;
}
