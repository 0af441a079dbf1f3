using System.Globalization;

namespace Berth.Server.Configuration;

/// <summary>
/// Puts <c>REGISTRY_…</c> variables into the configuration: names joined by <c>_</c>, list items by index, values as YAML, so that a variable
/// can hold a whole section. A parent is applied before its children.
/// </summary>
internal static class EnvironmentOverrides
{
    public const string Prefix = "REGISTRY_";

    /// <summary>No key is nearly as long; it bounds the depth of what a name can stand for.</summary>
    private const int MaxNameLength = 256;

    /// <summary>Names the file to read; not a key.</summary>
    public const string PathVariable = "REGISTRY_CONFIGURATION_PATH";

    public static void Apply(YamlValue root, IReadOnlyDictionary<string, string> environment, ConfigurationReport report)
    {
        var variables = environment
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && variable.Key != PathVariable)
            .OrderBy(variable => variable.Key.Length) // a parent's name is shorter than its child's, and _2 is shorter than _10
            .ThenBy(variable => variable.Key, StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            // The version says how to read the file, so a variable cannot change it. Images often set REGISTRY_VERSION to something else.
            if (name.Length > MaxNameLength || Resolve(KeyTree.Root, name[Prefix.Length..]) is not { } steps || steps is ["version"])
            {
                var nearest = NearestName.Find(name[Prefix.Length..], ConfigurationKeys.All.Select(key => key.Variable[Prefix.Length..]));
                var suggestion = nearest is null ? "" : $"; did you mean {Prefix}{nearest}?";
                report.Warn("", new Origin(name), $"matches no key and is ignored{suggestion}");
                continue;
            }

            Set(root, steps, Parse(name, value, report), report);
            ShortForms.Expand(root);
        }
    }

    /// <summary>The names and indexes that a variable's name stands for; null when it stands for no key.</summary>
    private static string[]? Resolve(KeyTree known, string name)
    {
        // Some keys have an underscore of their own, so the name cannot simply be split.
        foreach (var (child, next) in known.Children)
        {
            if (name.StartsWith(child.ToUpperInvariant(), StringComparison.Ordinal) && ResolveRest(next, name, child) is { } steps)
            {
                return steps;
            }
        }

        var part = name.Split('_')[0];
        var below = known.Item ?? known.AnyName ?? (known.IsFree ? known : null);
        return below is null || part.Length == 0 || (known.Item is not null && !part.All(char.IsAsciiDigit))
            ? null
            : ResolveRest(below, name, part.ToLowerInvariant());
    }

    private static string[]? ResolveRest(KeyTree known, string name, string step)
    {
        if (name.Length == step.Length)
        {
            return [step];
        }

        return name[step.Length] == '_' && Resolve(known, name[(step.Length + 1)..]) is { } below ? [step, .. below] : null;
    }

    /// <summary>
    /// A plain value is taken as it stands, and so is what YAML cannot read: secrets often hold <c>#</c>, <c>*</c> or <c>@</c>.
    /// </summary>
    private static YamlValue Parse(string name, string value, ConfigurationReport report)
    {
        var attempt = new ConfigurationReport();
        var parsed = YamlReader.ReadVariable(value, name, attempt);
        if (parsed is null or { IsPlain: true })
        {
            return YamlValue.OfText(value.Trim(), isPlain: true, new Origin(name));
        }

        report.Add(attempt);
        return parsed;
    }

    private static void Set(YamlValue root, string[] steps, YamlValue value, ConfigurationReport report)
    {
        var (place, known) = (root, KeyTree.Root);
        foreach (var step in steps[..^1])
        {
            var next = known.Find(step) ?? known.Item ?? known;
            var container = next.Item is null
                ? YamlValue.OfMap([], value.Origin)
                : YamlValue.OfItems([], value.Origin);
            if (Child(place, step) is not { IsNull: false } child)
            {
                child = container;
                if (!TryPut(place, step, child, report))
                {
                    return;
                }
            }

            (place, known) = (child, next);
        }

        TryPut(place, steps[^1], value, report);
    }

    private static YamlValue? Child(YamlValue place, string step) => place switch
    {
        { Map: { } map } => map.GetValueOrDefault(ExistingName(map, step)),
        { Items: { } items } when Index(step) is var index && index < items.Count => items[index],
        _ => null,
    };

    /// <summary>False when there is no such place: the file has something else there, which the check of the keys reports.</summary>
    private static bool TryPut(YamlValue place, string step, YamlValue value, ConfigurationReport report)
    {
        switch (place)
        {
            case { Map: { } map }:
                map[ExistingName(map, step)] = value;
                return true;
            case { Items: { } items } when Index(step) < items.Count:
                items[Index(step)] = value;
                return true;
            case { Items: { } items } when Index(step) == items.Count:
                items.Add(value);
                return true;
            case { Items: { } items }:
                report.Error("", value.Origin, $"leaves a gap: the list has {items.Count} items, so the next index is {items.Count}");
                return false;
            default:
                return false;
        }
    }

    private static string ExistingName(Dictionary<string, YamlValue> map, string step) =>
        map.Keys.FirstOrDefault(name => name.Equals(step, StringComparison.OrdinalIgnoreCase)) ?? step;

    private static int Index(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : int.MaxValue;
}
