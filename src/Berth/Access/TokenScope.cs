namespace Berth.Access;

/// <summary>What a token is good for. Its bearer may do no more than this, whatever the policy says.</summary>
/// <param name="repositories">Actions by repository; names count as they are.</param>
/// <param name="canList">Whether repositories may be listed.</param>
public sealed class TokenScope(IReadOnlyDictionary<RepositoryName, RepositoryAction> repositories, bool canList)
{
    /// <summary>Whether repositories may be listed. Which ones are shown, the policy decides.</summary>
    public bool CanList => canList;

    public RepositoryAction ActionsOn(RepositoryName repository) => repositories.GetValueOrDefault(repository);
}
