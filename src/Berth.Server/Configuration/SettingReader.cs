using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Berth.Server.Configuration;

/// <summary>Reads settings by their dotted path into types. What is wrong goes to the report, and the default stands in for it.</summary>
internal sealed class SettingReader(YamlValue root, ConfigurationReport report)
{
    public delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>Null when it is not set.</summary>
    public YamlValue? Find(string path)
    {
        var value = root;
        foreach (var name in path.Split('.'))
        {
            if (Child(value, name) is not { } child)
            {
                return null;
            }

            value = child;
        }

        return value.IsNull ? null : value;
    }

    /// <summary>Whether it is written, be it without a value: to name a driver is enough to ask for it.</summary>
    public bool IsNamed(string path)
    {
        YamlValue? value = root;
        return path.Split('.').All(name => (value = Child(value!, name)) is not null);
    }

    /// <param name="expected">What is allowed, to follow "must be".</param>
    public T Parsed<T>(string path, T fallback, TryParse<T> parse, string expected)
    {
        if (Find(path) is not { } value)
        {
            return fallback;
        }

        if (value.Text is { } text && parse(text, out var parsed))
        {
            return parsed;
        }

        Refuse(path, value, expected);
        return fallback;
    }

    /// <summary>Never shows the value: it may be a secret.</summary>
    public string? Text(string path)
    {
        var value = Find(path);
        if (value is { Text: null })
        {
            report.Error(path, value.Origin, "must be text; put quotes around it");
        }

        return value?.Text;
    }

    public bool? Flag(string path)
    {
        if (Find(path) is not { } value)
        {
            return null;
        }

        bool? flag = !value.IsPlain ? null : value.Text!.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "y" => true, // the words of YAML 1.1, which distribution reads
            "false" or "no" or "off" or "n" => false,
            _ => null,
        };
        if (flag is null)
        {
            Refuse(path, value, "true or false, without quotes");
        }

        return flag;
    }

    public int Number(string path, int fallback, int min)
    {
        var number = Parsed<int>(path, fallback, TryParseNumber, "a whole number");
        if (number >= min)
        {
            return number;
        }

        report.Error(path, Find(path)!.Origin, $"must be at least {min}");
        return fallback;
    }

    public TimeSpan Duration(string path, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        var duration = Parsed<TimeSpan>(path, fallback, GoDuration.TryParse, "a duration such as 168h, 1h30m or 10s");
        if (duration >= min && duration <= max)
        {
            return duration;
        }

        report.Error(
            path,
            Find(path)!.Origin,
            $"must be between {min.TotalSeconds:0}s and {max.TotalHours:0}h; a number without a unit is nanoseconds");
        return fallback;
    }

    /// <summary>The items of a list with their paths; that it is a list is checked with the keys.</summary>
    public IEnumerable<(string Path, YamlValue Value)> Items(string path) =>
        (Find(path)?.Items ?? []).Select((item, index) => ($"{path}[{index}]", item));

    public void Refuse(string path, YamlValue value, string expected) =>
        report.Error(path, value.Origin, $"must be {expected}{(value.Text is { } text ? $", not \"{Printable.Of(text)}\"" : "")}");

    /// <summary>What is missing is reported where it should stand.</summary>
    public void Error(string path, string text) => report.Error(path, FindNearest(path).Origin, text);

    public void Warn(string path, string text) => report.Warn(path, Find(path)!.Origin, text);

    private YamlValue FindNearest(string path)
    {
        var value = root;
        foreach (var name in path.Split('.'))
        {
            if (Child(value, name) is not { } child)
            {
                break;
            }

            value = child;
        }

        return value;
    }

    /// <param name="step">A name, or a name with the number of an item of the list under it, as in <c>storage[0]</c>.</param>
    private static YamlValue? Child(YamlValue value, string step)
    {
        var bracket = step.IndexOf('[', StringComparison.Ordinal);
        return bracket < 0
            ? value.Map?.GetValueOrDefault(step)
            : value.Map?.GetValueOrDefault(step[..bracket])?.Items?.ElementAtOrDefault(int.Parse(step.AsSpan()[(bracket + 1)..^1], CultureInfo.InvariantCulture));
    }

    private static bool TryParseNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
