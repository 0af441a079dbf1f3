namespace Berth.Access;

/// <summary>What somebody showed to be let in.</summary>
public enum CredentialKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A name and a password.</summary>
    Password,

    /// <summary>A token that somebody else issued.</summary>
    Token,

    /// <summary>It is the program itself that asks.</summary>
    Process,
}
