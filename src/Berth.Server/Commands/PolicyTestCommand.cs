using Berth.Access;
using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary><c>berth policy test</c>: what the rules of a configuration decide, and which of them does.</summary>
internal static class PolicyTestCommand
{
    /// <param name="user">Null: a caller without credentials.</param>
    /// <returns><see cref="ExitCode.Success"/> when it is allowed, <see cref="ExitCode.Findings"/> when not.</returns>
    public static async Task<int> RunAsync(
        BerthConfiguration configuration,
        string? user,
        RepositoryName repository,
        RepositoryAction action,
        TextWriter output,
        CancellationToken cancellationToken)
    {
        var principal = user is null ? Principal.Anonymous : new Principal(user, Groups: [], Source: null, Scope: null);
        var decision = configuration.Access.Decide(principal, repository, action);
        await output.WriteLineAsync($"{(decision.IsAllowed ? "allowed" : "denied")}: {decision.Explain()}".AsMemory(), cancellationToken);
        return decision.IsAllowed ? ExitCode.Success : ExitCode.Findings;
    }
}
