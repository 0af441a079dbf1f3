using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Berth.Server.Configuration;

/// <summary>
/// Reads one YAML document into values that know their line. What it makes is bounded whatever the document says: nesting and the number of
/// values are limited, and an alias counts as often as it is used.
/// </summary>
internal sealed class YamlReader
{
    public const int MaxDepth = 32;
    public const int MaxValues = 10_000;

    private const string MergeKey = "<<";

    private readonly GuardedYamlParser _parser;
    private readonly Func<Mark, Origin> _origin;
    private readonly ConfigurationReport _report;
    private readonly Dictionary<string, YamlValue> _anchors = [];
    private int _values;

    private YamlReader(string yaml, Func<Mark, Origin> origin, ConfigurationReport report)
    {
        _parser = new GuardedYamlParser(new Parser(new StringReader(yaml)));
        _origin = origin;
        _report = report;
    }

    /// <summary>Null when the text is not YAML that a configuration can be; the report says why.</summary>
    public static YamlValue? ReadFile(string yaml, string path, ConfigurationReport report) =>
        Read(yaml, mark => new Origin(path, mark.Line), report);

    /// <inheritdoc cref="ReadFile"/>
    public static YamlValue? ReadVariable(string yaml, string name, ConfigurationReport report) =>
        Read(yaml, _ => new Origin(name), report);

    private static YamlValue? Read(string yaml, Func<Mark, Origin> origin, ConfigurationReport report)
    {
        try
        {
            return new YamlReader(yaml, origin, report).ReadDocument();
        }
        catch (YamlException exception)
        {
            report.Error("", origin(exception.Start), $"this is not usable YAML. {exception.Message}");
            return null;
        }
    }

    private YamlValue ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out var empty))
        {
            return YamlValue.Nothing(_origin(empty.Start));
        }

        _parser.Consume<DocumentStart>();
        var value = ReadValue("", depth: 0);
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<DocumentStart>(out var second) ? throw Refuse(second, "It holds more than one document.") : value;
    }

    private YamlValue ReadValue(string path, int depth)
    {
        var start = _parser.Current!;
        Count(start, depth);
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            // Only a finished value can be copied, so an anchor inside itself is an unknown one.
            return _anchors.TryGetValue(alias.Value.Value, out var anchored)
                ? Copy(anchored, alias, depth)
                : throw Refuse(alias, "An alias has no anchor before it.");
        }

        var value = _parser.TryConsume<Scalar>(out var scalar) ? Text(scalar)
            : _parser.TryConsume<SequenceStart>(out var sequence) ? ReadItems(path, sequence, depth)
            : ReadMap(path, _parser.Consume<MappingStart>(), depth);
        if (start is NodeEvent { Anchor.IsEmpty: false } node)
        {
            _anchors[node.Anchor.Value] = value;
        }

        return value;
    }

    private YamlValue Text(Scalar scalar)
    {
        var isText = scalar.Tag.Equals("tag:yaml.org,2002:str");
        RefuseTag(scalar, isAllowed: isText || (scalar.Style != ScalarStyle.Plain && scalar.Tag.IsNonSpecific));
        return YamlValue.OfText(scalar.Value, scalar.Style == ScalarStyle.Plain && !isText, _origin(scalar.Start));
    }

    private YamlValue ReadItems(string path, SequenceStart start, int depth)
    {
        RefuseTag(start, isAllowed: false);
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadValue($"{path}[{items.Count}]", depth + 1));
        }

        return YamlValue.OfItems(items, _origin(start.Start));
    }

    private YamlValue ReadMap(string path, MappingStart start, int depth)
    {
        RefuseTag(start, isAllowed: false);
        var map = new Dictionary<string, YamlValue>(StringComparer.Ordinal);
        var merged = new List<YamlValue>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
            {
                throw Refuse(_parser.Current!, "A key must be a word.");
            }

            var keyPath = KeyPath.Join(path, key.Value);
            var value = ReadValue(keyPath, depth + 1);
            if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
            {
                merged.AddRange(value.Items ?? [value]);
            }
            else if (!map.TryAdd(key.Value, value))
            {
                _report.Error(keyPath, _origin(key.Start), $"is set twice; first in {map[key.Value].Origin}");
            }
        }

        foreach (var (name, value) in merged.SelectMany(source => source.Map ?? throw Refuse(start, "<< merges maps only.")))
        {
            map.TryAdd(name, value);
        }

        return YamlValue.OfMap(map, _origin(start.Start));
    }

    /// <summary>A copy, because a variable may change the value in one of its places.</summary>
    private YamlValue Copy(YamlValue value, ParsingEvent place, int depth)
    {
        Count(place, depth);
        if (value.Items is { } items)
        {
            return YamlValue.OfItems(items.ConvertAll(item => Copy(item, place, depth + 1)), value.Origin);
        }

        return value.Map is { } map
            ? YamlValue.OfMap(
                map.ToDictionary(entry => entry.Key, entry => Copy(entry.Value, place, depth + 1), StringComparer.Ordinal), value.Origin)
            : value;
    }

    private void Count(ParsingEvent place, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Refuse(place, $"It is nested deeper than {MaxDepth} levels.");
        }

        if (++_values > MaxValues)
        {
            throw Refuse(place, $"It has more than {MaxValues} values, aliases counted as often as they are used.");
        }
    }

    private static void RefuseTag(NodeEvent node, bool isAllowed)
    {
        if (!node.Tag.IsEmpty && !isAllowed)
        {
            throw Refuse(node, "Tags such as !!binary have no meaning here.");
        }
    }

    private static YamlException Refuse(ParsingEvent place, string reason) => new(place.Start, place.End, reason);
}
