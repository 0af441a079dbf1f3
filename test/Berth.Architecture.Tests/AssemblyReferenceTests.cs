using System.Reflection;

namespace Berth.Architecture.Tests;

public sealed class AssemblyReferenceTests
{
    private static readonly string Runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Fact]
    public void The_specification_s_words_need_nothing_but_the_runtime()
    {
        Assert.NotEmpty(References(Product.Oci));
        Assert.All(References(Product.Oci), reference => Assert.True(IsPartOfRuntime(reference), reference.Name));
        Assert.Contains(References(Product.Engine), reference => !IsPartOfRuntime(reference));
    }

    [Fact]
    public void The_engine_knows_nothing_of_HTTP()
    {
        Assert.Contains(References(Product.Engine), reference => reference.Name == "Berth.Oci");
        Assert.DoesNotContain(References(Product.Engine), IsAspNetCore);
        Assert.Contains(References(Product.Server), IsAspNetCore);
    }

    [Fact]
    public void An_SDK_is_known_to_its_driver_only()
    {
        Assert.Contains(References(Product.S3), IsAmazon);
        Assert.DoesNotContain(References(Product.Engine).Concat(References(Product.Server)), IsAmazon);
        Assert.Contains(References(Product.Azure), IsAzure);
        Assert.DoesNotContain(References(Product.Engine).Concat(References(Product.Server)), IsAzure);
        Assert.Contains(References(Product.Gcs), IsGoogle);
        Assert.DoesNotContain(References(Product.Engine).Concat(References(Product.Server)), IsGoogle);
        Assert.Contains(References(Product.Postgres), IsNpgsql);
        Assert.DoesNotContain(References(Product.Engine).Concat(References(Product.Server)), IsNpgsql);
        Assert.Contains(References(Product.Redis), IsRedis);
        Assert.DoesNotContain(References(Product.Engine).Concat(References(Product.Server)), IsRedis);
    }

    private static AssemblyName[] References(Assembly assembly) => assembly.GetReferencedAssemblies();

    private static bool IsPartOfRuntime(AssemblyName reference) => File.Exists(Path.Combine(Runtime, $"{reference.Name}.dll"));

    private static bool IsAmazon(AssemblyName reference) => reference.Name!.StartsWith("AWSSDK", StringComparison.Ordinal);

    private static bool IsAzure(AssemblyName reference) => reference.Name!.StartsWith("Azure.", StringComparison.Ordinal);

    private static bool IsGoogle(AssemblyName reference) => reference.Name!.StartsWith("Google.", StringComparison.Ordinal);

    private static bool IsNpgsql(AssemblyName reference) => reference.Name == "Npgsql";

    private static bool IsRedis(AssemblyName reference) => reference.Name == "StackExchange.Redis";

    private static bool IsAspNetCore(AssemblyName reference) => reference.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal);
}
