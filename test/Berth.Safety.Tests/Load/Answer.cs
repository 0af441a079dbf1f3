using System.Text;

namespace Berth.Safety.Tests.Load;

/// <summary>A whole answer of the server.</summary>
/// <param name="Request">Method and path, for people.</param>
public sealed record Answer(string Request, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Whether it says that the server does not know itself what it did.</summary>
    public bool IsFault => Status >= 500;

    public string Text => Encoding.UTF8.GetString(Body);

    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The request and the status.</summary>
    public string Summary => $"{Request}: {Status}";

    public override string ToString() => $"{Summary} {(Body.Length < 1000 ? Text : $"({Body.Length} bytes)")}";
}
