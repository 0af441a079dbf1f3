namespace Berth.Oci;

/// <summary>The answer of <c>/v2/&lt;name&gt;/tags/list</c>.</summary>
public sealed record TagList(string Name, IReadOnlyList<string> Tags);
