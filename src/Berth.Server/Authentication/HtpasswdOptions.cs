namespace Berth.Server.Authentication;

/// <summary>A file of names and hashed passwords, as Apache's <c>htpasswd -B</c> writes it.</summary>
/// <param name="Realm">What clients show when they ask for the password.</param>
/// <param name="Path">The file; if it is missing, it is made with one user and a random password.</param>
public sealed record HtpasswdOptions(string Realm, string Path);
