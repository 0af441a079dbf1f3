using System.Text.RegularExpressions;

namespace Berth.Oci.Tests.Text;

/// <summary>The specification's own patterns. <c>\z</c>, because in .NET <c>$</c> also matches before a newline at the end.</summary>
internal static partial class Grammar
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Image specification, descriptor.md, "Registered algorithms".</summary>
    [GeneratedRegex(@"^(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})\z", Linear)]
    public static partial Regex Digest { get; }

    /// <summary>Distribution specification, "Pulling manifests", &lt;name&gt;.</summary>
    [GeneratedRegex(@"^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", Linear)]
    public static partial Regex RepositoryName { get; }

    /// <summary>Distribution specification, "Pulling manifests", &lt;reference&gt; as a tag.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", Linear)]
    public static partial Regex Tag { get; }

    /// <summary>Distribution specification, "Pushing a blob in chunks", Content-Range.</summary>
    [GeneratedRegex(@"^[0-9]+-[0-9]+\z", Linear)]
    public static partial Regex ContentRange { get; }

    /// <summary>RFC 6838, section 4.2: type and subtype are restricted names.</summary>
    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}/[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}\z", Linear)]
    public static partial Regex MediaType { get; }
}
