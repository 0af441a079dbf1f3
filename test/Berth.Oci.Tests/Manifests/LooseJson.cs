using System.Text.Json;

namespace Berth.Oci.Tests.Manifests;

/// <summary>A JSON document that can be bent: keys may repeat, and literals are kept as text.</summary>
internal sealed class LooseJson
{
    private readonly string? _literal;
    private readonly bool _isObject;
    private readonly List<(string Key, LooseJson Value)> _members = [];

    private LooseJson(JsonElement element)
    {
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (_isObject)
        {
            _members.AddRange(element.EnumerateObject().Select(member => (member.Name, new LooseJson(member.Value))));
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            _members.AddRange(element.EnumerateArray().Select(item => ("", new LooseJson(item))));
        }
        else
        {
            _literal = element.GetRawText();
        }
    }

    public static LooseJson Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new LooseJson(document.RootElement);
    }

    /// <summary>Changes one member, anywhere in the document.</summary>
    /// <param name="at">Which member, counted through the document and around.</param>
    /// <param name="kind">What to do.</param>
    /// <param name="other">A value to put somewhere.</param>
    public void Bend(int at, int kind, LooseJson other)
    {
        var places = Containers().SelectMany(container => container._members.Select((_, index) => (container, index))).ToArray();
        if (places.Length == 0)
        {
            return;
        }

        var (parent, position) = places[at % places.Length];
        var (key, value) = parent._members[position];
        var (elsewhere, index) = places[(at / places.Length) % places.Length];
        var (otherKey, shared) = elsewhere._members[index];
        var copy = Parse(shared.ToString()); // sharing could close a circle
        switch (kind)
        {
            case 0: parent._members[position] = (Respell(key, at), value); break;
            case 1: parent._members[position] = (key.Replace('s', '\u017F'), value); break;
            case 2: parent._members.Add((Respell(key, at), other)); break;
            case 3: parent._members.Insert(position, (key, other)); break;
            case 4: parent._members.Add((key.Replace('s', '\u017F'), other)); break;
            case 5: parent._members.RemoveAt(position); break;
            case 6: parent._members[position] = (key, other); break;
            case 7: parent._members.Add(("x" + at, other)); break;
            case 8: parent._members.Add((otherKey, copy)); break;
            default: parent._members[position] = (key, copy); break;
        }
    }

    public override string ToString() =>
        _literal ?? (_isObject
            ? $"{{{string.Join(',', _members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}"
            : $"[{string.Join(',', _members.Select(member => member.Value))}]");

    private IEnumerable<LooseJson> Containers() =>
        _literal is not null ? [] : [this, .. _members.SelectMany(member => member.Value.Containers())];

    private static string Respell(string key, int at)
    {
        if (key.Length == 0)
        {
            return key;
        }

        var position = at % key.Length;
        var letter = char.IsAsciiLetterUpper(key[position]) ? char.ToLowerInvariant(key[position]) : char.ToUpperInvariant(key[position]);
        return key.Remove(position, 1).Insert(position, letter.ToString());
    }
}
