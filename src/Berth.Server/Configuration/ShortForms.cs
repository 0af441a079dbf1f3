namespace Berth.Server.Configuration;

/// <summary><c>storage: filesystem</c> and <c>auth: none</c> name the one section that they stand for.</summary>
internal static class ShortForms
{
    private static readonly string[] Keys = ["storage", "auth"];

    public static void Expand(YamlValue root)
    {
        foreach (var key in Keys)
        {
            if (root.Map!.GetValueOrDefault(key) is { Text: { } name, IsNull: false, Origin: var origin })
            {
                var section = YamlValue.OfMap([], origin);
                root.Map![key] = YamlValue.OfMap(new(StringComparer.Ordinal) { [name.ToLowerInvariant()] = section }, origin);
            }
        }
    }
}
