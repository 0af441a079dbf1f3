namespace Berth.Access;

/// <summary>Lets some do something with some repositories. Nothing is forbidden by a rule: what no rule allows is not allowed.</summary>
/// <param name="Name">What a decision calls it, such as the place where it is written.</param>
public sealed record AccessRule(string Name, IReadOnlyList<RepositoryGlob> Repositories, AccessSubjects Subjects, RepositoryAction Actions)
{
    public bool Concerns(RepositoryName repository)
    {
        foreach (var glob in Repositories)
        {
            if (glob.Matches(repository))
            {
                return true;
            }
        }

        return false;
    }
}
