using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Berth.Architecture.Tests;

/// <summary>The assemblies that the tests can load: the product, the test library, their packages, ASP.NET Core and the .NET runtime.</summary>
internal static class Runtime
{
    private static readonly string[] Paths = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    public static IEnumerable<Assembly> SystemAssemblies => Paths
        .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
        .Select(path => Assembly.Load(AssemblyName.GetAssemblyName(path)));

    /// <summary>Names of all types, without namespaces and numbers of type parameters.</summary>
    public static HashSet<string> TypeNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in Paths)
        {
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.GetMetadataReader();
            names.UnionWith(metadata.TypeDefinitions.Select(type => metadata.GetString(metadata.GetTypeDefinition(type).Name).Split('`')[0]));
        }

        return names;
    }
}
