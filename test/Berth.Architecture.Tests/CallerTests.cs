using System.Reflection;

namespace Berth.Architecture.Tests;

/// <summary>A method that does not know who asks would be a way around the rules.</summary>
public sealed class CallerTests
{
    /// <summary>What no client reaches.</summary>
    private static readonly string[] Background = ["Guard", "Reaper", "Purger"];

    [Fact]
    public void Everything_that_the_engine_does_for_clients_is_told_first_who_asks()
    {
        var methods = Product.Engine.GetType("Berth.Registry")!.GetProperties()
            .Where(property => !Background.Contains(property.Name, StringComparer.Ordinal))
            .SelectMany(property => property.PropertyType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .ToList();

        Assert.True(methods.Count > 15, $"only {methods.Count} methods were seen");
        Assert.All(methods, method => Assert.Equal("Berth.Access.Caller", method.GetParameters().FirstOrDefault()?.ParameterType.FullName));
    }
}
