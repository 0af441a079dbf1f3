using System.Net;

namespace Berth.Access;

/// <summary>Who asks the engine for something, from where, and by what right.</summary>
/// <param name="Address">The client's; null when there is none.</param>
public sealed record Caller(Principal Principal, IPAddress? Address, CredentialKind Credential)
{
    /// <summary>A program that has the engine inside, and background work: it may do everything.</summary>
    public static Caller Local { get; } = new(Principal.Anonymous, Address: null, CredentialKind.Process);

    public bool IsLocal => Credential == CredentialKind.Process;
}
