namespace Berth.Access;

/// <summary>Somebody may not do what they asked for. What they are told depends on how they came, which the engine does not know.</summary>
/// <param name="isVisible">Whether they may do anything at all with the repository; if not, they may not learn whether it exists.</param>
public sealed class AccessDeniedException(AccessDecision decision, bool isVisible) : Exception(decision.Explain())
{
    public AccessDecision Decision { get; } = decision;

    public bool IsVisible { get; } = isVisible;
}
