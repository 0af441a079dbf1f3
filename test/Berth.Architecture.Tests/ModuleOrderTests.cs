using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Berth.Architecture.Tests;

/// <summary>Inside the engine folders are modules, and a module knows only those below it.</summary>
public sealed class ModuleOrderTests
{
    /// <summary>The module of the <see cref="Values"/>.</summary>
    private const string ValueModule = "(values)";

    /// <summary>Lowest first. The empty name is the root namespace, which puts the engine together.</summary>
    private static readonly string[] Modules =
        ["Storage", ValueModule, "Metadata", "Collection", "Access", "Blobs", "Uploads", "Manifests", "Tags", "Referrers", "Repositories", "", "Migration"];

    /// <summary>
    /// Rows of the database, and what the engine can be told. They live in the folder of their concept, where a reader looks for them, but modules
    /// below it speak of them, so they stand below those.
    /// </summary>
    private static readonly string[] Values =
    [
        "Berth.Blobs.BlobRow", "Berth.Uploads.UploadId", "Berth.Uploads.UploadRow", "Berth.Uploads.FinishedUpload", "Berth.Manifests.ManifestPush", "Berth.Manifests.ManifestRow",
        "Berth.Manifests.ManifestHead",
        "Berth.Manifests.MissingReference", "Berth.Tags.TagRow", "Berth.Referrers.ReferrerRow",
        "Berth.Access.AccessPolicy", "Berth.Access.AccessRule", "Berth.Access.AccessSubjects", "Berth.Access.AccessDecision", "Berth.Access.AccessObstacle",
        "Berth.Access.Principal", "Berth.Access.TokenScope", "Berth.Access.RepositoryAction", "Berth.Access.RepositoryGlob",
        "Berth.RegistryOptions", "Berth.Manifests.ManifestDemands", "Berth.Manifests.IndexPlatforms", "Berth.Uploads.UploadPurging",
    ];

    private static readonly IType[] Types =
        [.. new ArchLoader().LoadAssemblies(Product.Engine).Build().Types.Where(type => Product.Engine.GetType(type.FullName) is not null)];

    [Fact]
    public void A_module_knows_only_lower_ones()
    {
        var dependencies =
            from type in Types
            from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
            where Types.Contains(target) && Module(type) != Module(target)
            select (type, target);

        Assert.NotEmpty(dependencies);
        Assert.Empty(
            from dependency in dependencies
            where Array.IndexOf(Modules, Module(dependency.target)) > Array.IndexOf(Modules, Module(dependency.type))
            select $"{dependency.type.FullName} uses {dependency.target.FullName}");
    }

    [Fact]
    public void Every_module_is_in_the_order_and_every_name_in_the_order_is_a_module() =>
        Assert.Equal(Modules.Order(StringComparer.Ordinal), Types.Select(Module).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_value_exists() => Assert.All(Values, value => Assert.NotNull(Product.Engine.GetType(value)));

    private static string Module(IType type) =>
        Values.Contains(type.FullName, StringComparer.Ordinal) ? ValueModule : type.Namespace.FullName.Split('.').ElementAtOrDefault(1) ?? "";
}
