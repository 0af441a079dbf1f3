namespace Berth.Access;

/// <summary>Who somebody is.</summary>
/// <param name="Name">Null: nobody knows.</param>
/// <param name="Groups">Those that whoever vouches for the name says; a policy may know more.</param>
/// <param name="Source">Who vouches for the name, such as <c>htpasswd</c>; null: nobody.</param>
/// <param name="Scope">What the credential is limited to; null: it is not.</param>
public sealed record Principal(string? Name, IReadOnlyList<string> Groups, string? Source, TokenScope? Scope)
{
    public static Principal Anonymous { get; } = new(Name: null, Groups: [], Source: null, Scope: null);
}
