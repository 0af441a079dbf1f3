namespace Berth.Server.Configuration;

/// <summary>One value of the configuration and where it was written: exactly one of text, map and list.</summary>
internal sealed class YamlValue
{
    private YamlValue(Origin origin) => Origin = origin;

    public Origin Origin { get; }

    /// <summary>The text of a scalar.</summary>
    public string? Text { get; private init; }

    /// <summary>Whether the text was written without quotes, so that <c>true</c>, <c>5</c> and nothing mean what YAML says.</summary>
    public bool IsPlain { get; private init; }

    public Dictionary<string, YamlValue>? Map { get; private init; }

    public List<YamlValue>? Items { get; private init; }

    /// <summary>Written but without a value, which means the same as not written.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Whether anything below says something.</summary>
    public bool HasContent =>
        Text is not null
            ? Text.Length > 0 && !IsNull
            : Map?.Values.Any(value => value.HasContent) ?? Items!.Exists(value => value.HasContent);

    public static YamlValue OfText(string text, bool isPlain, Origin origin) => new(origin) { Text = text, IsPlain = isPlain };

    public static YamlValue OfMap(Dictionary<string, YamlValue> map, Origin origin) => new(origin) { Map = map };

    public static YamlValue OfItems(List<YamlValue> items, Origin origin) => new(origin) { Items = items };

    public static YamlValue Nothing(Origin origin) => OfText("", isPlain: true, origin);
}
