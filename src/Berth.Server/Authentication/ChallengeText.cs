namespace Berth.Server.Authentication;

/// <summary>Writes challenges. RFC 9110, 11.6.1; the order of parameters is that of CNCF distribution.</summary>
internal static class ChallengeText
{
    public static string Basic(string realm) => $"Basic realm={Quote(realm)}";

    public static string Bearer(string realm, string service, string scope, string? error) =>
        $"Bearer realm={Quote(realm)},service={Quote(service)}"
        + (scope.Length > 0 ? $",scope={Quote(scope)}" : "")
        + (error is not null ? $",error={Quote(error)}" : "");

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
