using System.Reflection;
using System.Runtime.CompilerServices;

namespace Berth.Architecture.Tests;

/// <summary>The compiled product.</summary>
internal static class Product
{
    public static readonly Assembly Oci = Assembly.Load("Berth.Oci");

    public static readonly Assembly Engine = Assembly.Load("Berth");

    public static readonly Assembly S3 = Assembly.Load("Berth.Storage.S3");

    public static readonly Assembly Azure = Assembly.Load("Berth.Storage.Azure");

    public static readonly Assembly Gcs = Assembly.Load("Berth.Storage.Gcs");

    public static readonly Assembly Postgres = Assembly.Load("Berth.Metadata.Postgres");

    public static readonly Assembly Redis = Assembly.Load("Berth.Manifests.Redis");

    public static readonly Assembly Server = Assembly.Load("Berth.Server");

    public static readonly Assembly[] Assemblies = [Oci, Engine, S3, Azure, Gcs, Postgres, Redis, Server];

    /// <summary>The types that somebody wrote, nested ones included.</summary>
    public static IEnumerable<Type> Types => Assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("Berth", StringComparison.Ordinal) == true)
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.Name.Contains('<', StringComparison.Ordinal));

    public static IEnumerable<Type> Interfaces => Types.Where(type => type.IsInterface);
}
