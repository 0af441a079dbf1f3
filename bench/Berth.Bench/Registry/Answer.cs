using System.Globalization;

namespace Berth.Bench.Registry;

/// <summary>An answer of a registry.</summary>
/// <param name="Head">The status line and the headers, each with its line end before it.</param>
/// <param name="Body">The body, valid until the connection's next request; empty when it was handed out piece by piece.</param>
internal sealed record Answer(string Head, ReadOnlyMemory<byte> Body)
{
    private const string Version = "HTTP/1.1 ";

    public int Status => int.Parse(Head.AsSpan(Version.Length, 3), CultureInfo.InvariantCulture);

    /// <summary>The value of a header; null when the answer has none of that name.</summary>
    public string? Find(string header)
    {
        var name = $"\r\n{header}: ";
        var start = Head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        start += name.Length;
        var end = Head.IndexOf('\r', start);
        return end < 0 ? Head[start..] : Head[start..end];
    }
}
