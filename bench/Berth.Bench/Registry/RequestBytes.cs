using System.Globalization;
using System.Text;

namespace Berth.Bench.Registry;

/// <summary>Requests as they go over the wire, with the headers that container clients send.</summary>
internal static class RequestBytes
{
    private static readonly string Accept = string.Join(
        ", ", MediaTypes.DockerManifest, MediaTypes.DockerManifestList, MediaTypes.OciImageManifest, MediaTypes.OciImageIndex);

    /// <summary>A request without a body.</summary>
    public static ReadOnlyMemory<byte> Of(Uri url, string method, string path, params IEnumerable<string> headers) =>
        Encoding.ASCII.GetBytes(Head(url, method, path, headers));

    /// <summary>The head of a request whose body of that length follows.</summary>
    public static ReadOnlyMemory<byte> Of(Uri url, string method, string path, long length, params IEnumerable<string> headers) =>
        Of(url, method, path, headers.Append(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}")));

    /// <summary>A request with its whole body: small ones go out in one piece.</summary>
    public static ReadOnlyMemory<byte> Of(Uri url, string method, string path, ReadOnlySpan<byte> body, params IEnumerable<string> headers) =>
        (byte[])[.. Of(url, method, path, body.Length, headers).Span, .. body];

    private static string Head(Uri url, string method, string path, IEnumerable<string> headers) =>
        $"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: berth-bench\r\nAccept: {Accept}\r\nAccept-Encoding: gzip\r\n"
        + string.Concat(headers.Select(header => $"{header}\r\n")) + "\r\n";
}
