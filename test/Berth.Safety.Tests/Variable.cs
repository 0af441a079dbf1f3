using System.Globalization;

namespace Berth.Safety.Tests;

/// <summary>What whoever runs the tests decides by a variable of the environment.</summary>
internal static class Variable
{
    public static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
