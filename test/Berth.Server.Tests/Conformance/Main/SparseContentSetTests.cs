namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The content sets, and the sparse one, against a registry that takes sparse manifests.</summary>
public sealed class SparseContentSetTests(SparseRegistry registry) : ContentSetTests(registry), IClassFixture<SparseRegistry>
{
    [Fact]
    public Task A_sparse_content_set_lives_from_push_to_deletion() => LiveAsync(ContentSets.Sparse());
}
