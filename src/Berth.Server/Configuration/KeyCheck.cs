namespace Berth.Server.Configuration;

/// <summary>Walks the configuration along the table of keys: unknown and refused keys are errors, ignored ones a warning each.</summary>
internal sealed class KeyCheck(ConfigurationReport report)
{
    private const int MaxNamesShown = 12;

    public void Check(YamlValue root) => Check(root, KeyTree.Root, "", isReported: false);

    private void Check(YamlValue value, KeyTree known, string path, bool isReported)
    {
        // To name a driver or a kind of authentication is enough to ask for it.
        if (known.Key is { Effect: KeyEffect.Refused } refused && (value.HasContent || !known.IsLeaf))
        {
            report.Error(path, value.Origin, refused.Reason!);
            return;
        }

        if (value.IsNull)
        {
            return;
        }

        if (!isReported && known.Key is { Effect: KeyEffect.Ignored } ignored && value.HasContent)
        {
            report.Warn(path, value.Origin, $"has no effect: {ignored.Reason}");
            isReported = true;
        }

        if (known.Item is { } item)
        {
            CheckItems(value, item, path, isReported);
        }
        else if (!known.IsLeaf && !known.IsFree) // a leaf belongs to its reader, and its content may be secret
        {
            CheckNames(value, known, path, isReported);
        }
    }

    private void CheckItems(YamlValue value, KeyTree item, string path, bool isReported)
    {
        if (value.Items is not { } items)
        {
            report.Error(path, value.Origin, "must be a list, such as [a, b]");
            return;
        }

        for (var index = 0; index < items.Count; index++)
        {
            Check(items[index], item, $"{path}[{index}]", isReported);
        }
    }

    private void CheckNames(YamlValue value, KeyTree known, string path, bool isReported)
    {
        if (value.Map is not { } map)
        {
            report.Error(path, value.Origin, known.AnyName is null ? $"must be a section with {Names(known)}" : "must be a map");
            return;
        }

        foreach (var (name, child) in map)
        {
            if (known.Find(name) is { } next)
            {
                Check(child, next, KeyPath.Join(path, name), isReported);
            }
            else
            {
                report.Error(KeyPath.Join(path, name), child.Origin, $"unknown key{Suggest(path, name, known)}");
            }
        }
    }

    private static string Names(KeyTree known) => string.Join(", ", known.Children.Keys.Order(StringComparer.Ordinal));

    private static string Suggest(string path, string name, KeyTree known)
    {
        var nearest = NearestName.Find(name, known.Children.Keys) is { } sibling ? KeyPath.Join(path, sibling) : FindElsewhere(name);
        return nearest is not null ? $"; did you mean {nearest}?"
            : known.Children.Count is > 0 and <= MaxNamesShown ? $"; known here: {Names(known)}"
            : "";
    }

    /// <summary>A right name in the wrong place is most often a mistake of indentation. A name of many places says nothing.</summary>
    private static string? FindElsewhere(string name) =>
        ConfigurationKeys.All
            .Where(key => key.Effect == KeyEffect.Effective && key.Pattern.EndsWith($".{name}", StringComparison.Ordinal))
            .Take(2)
            .ToArray() is [var only] ? only.Pattern : null;
}
