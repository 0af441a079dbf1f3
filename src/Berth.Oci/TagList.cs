namespace Berth.Oci;

/// <summary>The answer of <c>/v2/&lt;name&gt;/tags/list</c>.</summary>
/// <remarks>Distribution specification, "Listing Tags".</remarks>
public sealed record TagList(string Name, IReadOnlyList<string> Tags);
