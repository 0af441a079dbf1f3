namespace Berth.Server.Tests.Conformance.Clients;

/// <summary>An answer as it came.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Head">The status line and the headers.</param>
/// <param name="Body">The bytes after them, without the framing.</param>
internal sealed record RawAnswer(int Status, string Head, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>The value of a header; null when it is not there. A header that is there twice is a fault.</summary>
    public string? Header(string name)
    {
        var prefix = $"{name}: ";
        return Head.Split("\r\n").SingleOrDefault(line => line.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))?[prefix.Length..];
    }
}
