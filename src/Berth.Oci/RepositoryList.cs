namespace Berth.Oci;

/// <summary>The answer of <c>/v2/_catalog</c>.</summary>
public sealed record RepositoryList(IReadOnlyList<string> Repositories);
