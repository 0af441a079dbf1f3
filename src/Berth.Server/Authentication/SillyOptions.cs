namespace Berth.Server.Authentication;

/// <summary>What <c>auth.silly</c> tells clients.</summary>
public sealed record SillyOptions(string Realm, string Service);
