namespace Berth.Oci;

/// <summary>The answer of <c>/v2/_catalog</c>.</summary>
/// <remarks>Not in the OCI specification: Docker's Registry HTTP API V2, "Listing Repositories".</remarks>
public sealed record RepositoryList(IReadOnlyList<string> Repositories);
