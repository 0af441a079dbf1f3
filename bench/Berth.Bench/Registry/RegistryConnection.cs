using System.Text;
using System.Text.Json;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>The requests of a container client on one connection. Any answer but the expected one is an exception.</summary>
internal sealed class RegistryConnection : IDisposable
{
    private readonly RawConnection _raw;

    private RegistryConnection(Uri url, RawConnection raw) => (Url, _raw) = (url, raw);

    public Uri Url { get; }

    public static async ValueTask<RegistryConnection> ConnectAsync(Uri url, CancellationToken cancellationToken) =>
        new(url, await RawConnection.ConnectAsync(url, cancellationToken));

    /// <summary>Sends a request as it is, and gives whatever answer it gets.</summary>
    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _raw.SendAsync(request, cancellationToken);
        return await _raw.ReceiveAsync(HasBody(request), cancellationToken);
    }

    /// <summary>Sends a request and insists on the status of its answer.</summary>
    public async ValueTask<Answer> SendAsync(ReadOnlyMemory<byte> request, int expected, CancellationToken cancellationToken) =>
        Check(request, await SendAsync(request, cancellationToken), expected);

    /// <summary>Sends a request with a body in pieces, which <paramref name="pieces"/> may make one after the other.</summary>
    public async ValueTask<Answer> SendAsync(
        ReadOnlyMemory<byte> head, IEnumerable<ReadOnlyMemory<byte>> pieces, int expected, CancellationToken cancellationToken)
    {
        await _raw.SendAsync(head, cancellationToken);
        foreach (var piece in pieces)
        {
            await _raw.SendAsync(piece, cancellationToken);
        }

        return Check(head, await _raw.ReceiveAsync(hasBody: true, cancellationToken), expected);
    }

    /// <summary>Sends a request and hands out the body of its answer piece by piece.</summary>
    public async ValueTask<Answer> SendAsync(
        ReadOnlyMemory<byte> request, int expected, RawConnection.BodyPiece take, CancellationToken cancellationToken)
    {
        await _raw.SendAsync(request, cancellationToken);
        return Check(request, await _raw.ReceiveAsync(HasBody(request), take, cancellationToken), expected);
    }

    public async ValueTask<bool> HasBlobAsync(string repository, Digest digest, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(RequestBytes.Of(Url, "HEAD", $"/v2/{repository}/blobs/{digest}"), cancellationToken);
        return answer.Status switch
        {
            200 => true,
            404 => false,
            _ => throw new WrongAnswerException(answer.Head),
        };
    }

    public async ValueTask PutManifestAsync(
        string repository, string reference, string mediaType, ReadOnlyMemory<byte> manifest, CancellationToken cancellationToken)
    {
        var path = $"/v2/{repository}/manifests/{reference}";
        await SendAsync(RequestBytes.Of(Url, "PUT", path, manifest.Span, $"Content-Type: {mediaType}"), 201, cancellationToken);
    }

    /// <summary>Gets one page of a listing, of tags or of repositories.</summary>
    public async ValueTask<Page> GetPageAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(RequestBytes.Of(Url, "GET", path), 200, cancellationToken);
        using var json = JsonDocument.Parse(answer.Body);
        var names = json.RootElement.EnumerateObject().Single(member => member.Value.ValueKind == JsonValueKind.Array).Value;
        return new Page([.. names.EnumerateArray().Select(name => name.GetString()!)], NextPage(answer), answer.Body.Length);
    }

    public void Dispose() => _raw.Dispose();

    private static bool HasBody(ReadOnlyMemory<byte> request) => !request.Span.StartsWith("HEAD "u8);

    private static Answer Check(ReadOnlyMemory<byte> request, Answer answer, int expected)
    {
        if (answer.Status == expected)
        {
            return answer;
        }

        var line = Encoding.Latin1.GetString(request.Span[..request.Span.IndexOf((byte)'\r')]);
        throw new WrongAnswerException($"{line}: {answer.Head}\n{Encoding.UTF8.GetString(answer.Body.Span)}");
    }

    // RFC 8288, in the one form that registries send: </path?query>; rel="next"
    private static string? NextPage(Answer answer) =>
        answer.Find("Link") is { } link
            ? link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)]
            : null;
}
