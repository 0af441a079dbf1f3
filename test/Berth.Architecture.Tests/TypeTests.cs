using System.Reflection;

namespace Berth.Architecture.Tests;

public sealed class TypeTests
{
    private const int MostMethods = 7;

    private static readonly string[] EmptyWords = ["Service", "Manager", "Helper", "Util", "Utils"];

    [Fact]
    public void Every_asynchronous_method_takes_a_cancellation_token_last()
    {
        var asynchronous = Product.Interfaces.SelectMany(Methods).Where(method => method.Name.EndsWith("Async", StringComparison.Ordinal));

        Assert.NotEmpty(asynchronous);
        Assert.Empty(
            from method in asynchronous
            where method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken)
            select $"{method.DeclaringType}.{method.Name}");
    }

    [Fact]
    public void No_interface_is_wide()
    {
        Assert.NotEmpty(Product.Interfaces.SelectMany(Methods));
        Assert.Empty(
            from type in Product.Interfaces
            where Methods(type).Count() > MostMethods
            select $"{type} has {Methods(type).Count()} methods");
    }

    [Fact]
    public void No_type_has_a_name_that_says_nothing()
    {
        Assert.NotEmpty(Product.Types);
        Assert.Empty(
            from type in Product.Types
            where EmptyWords.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal))
            select type.FullName);
    }

    private static IEnumerable<MethodInfo> Methods(Type type) => type.GetMethods().Where(method => !method.IsSpecialName);
}
