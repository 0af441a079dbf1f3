using System.Globalization;
using System.Text;
using Berth.Bench.Load;

namespace Berth.Bench.Registry;

/// <summary>Pushes blobs to a repository.</summary>
/// <param name="chunkBytes">The size of a chunk, for the forms that have chunks.</param>
internal sealed class BlobPush(RegistryConnection registry, string repository, UploadForm form, int chunkBytes)
{
    private const string Content = "Content-Type: application/octet-stream";

    /// <summary>Pushes a blob and checks that the registry says to have that digest.</summary>
    /// <returns>The blob.</returns>
    public async ValueTask<PushedBlob> PushAsync(BlobSource source, CancellationToken cancellationToken)
    {
        var blob = source.Describe();
        var begun = await registry.SendAsync(
            RequestBytes.Of(registry.Url, "POST", $"/v2/{repository}/blobs/uploads/", length: 0), 202, cancellationToken);

        var location = form == UploadForm.Monolithic ? Location(begun) : await PatchAsync(source, Location(begun), cancellationToken);
        var separator = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var closing = $"{location}{separator}digest={Uri.EscapeDataString(blob.Digest.Value)}";
        var done = form == UploadForm.Monolithic
            ? await PutAsync(source, closing, cancellationToken)
            : await registry.SendAsync(RequestBytes.Of(registry.Url, "PUT", closing, length: 0), 201, cancellationToken);

        return done.Find("Docker-Content-Digest") is not { } said || said == blob.Digest.Value
            ? blob
            : throw new WrongAnswerException($"pushed {blob}, and the registry has {said}");
    }

    // A small blob goes out in one piece with its head, as it does from clients that buffer.
    private ValueTask<Answer> PutAsync(BlobSource source, string closing, CancellationToken cancellationToken) =>
        source.SliceCount == 1
            ? registry.SendAsync(RequestBytes.Of(registry.Url, "PUT", closing, source.Slice(0).Span, Content), 201, cancellationToken)
            : registry.SendAsync(RequestBytes.Of(registry.Url, "PUT", closing, source.Size, Content), source.Slices(), 201, cancellationToken);

    private async ValueTask<string> PatchAsync(BlobSource source, string location, CancellationToken cancellationToken)
    {
        switch (form)
        {
            case UploadForm.Encoded:
                var encoded = RequestBytes.Of(registry.Url, "PATCH", location, Content, "Transfer-Encoding: chunked");
                return Location(await registry.SendAsync(encoded, Encode(source), 202, cancellationToken));
            case UploadForm.Chunked:
                var offset = 0L;
                foreach (var chunk in Chunks(source))
                {
                    var range = string.Create(CultureInfo.InvariantCulture, $"Content-Range: {offset}-{offset + chunk.Length - 1}");
                    var head = RequestBytes.Of(registry.Url, "PATCH", location, chunk.Length, Content, range);
                    location = Location(await registry.SendAsync(head, [chunk], 202, cancellationToken));
                    offset += chunk.Length;
                }

                return location;
            default:
                var streamed = RequestBytes.Of(registry.Url, "PATCH", location, source.Size, Content);
                return Location(await registry.SendAsync(streamed, source.Slices(), 202, cancellationToken));
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> Chunks(BlobSource source) =>
        from slice in source.Slices()
        from offset in Enumerable.Range(0, (slice.Length + chunkBytes - 1) / chunkBytes).Select(index => index * chunkBytes)
        select slice.Slice(offset, Math.Min(chunkBytes, slice.Length - offset));

    // RFC 9112, 7.1: each chunk with its length before it, and an empty one at the end.
    private IEnumerable<ReadOnlyMemory<byte>> Encode(BlobSource source)
    {
        foreach (var chunk in Chunks(source))
        {
            yield return (byte[])[.. Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"), .. chunk.Span, (byte)'\r', (byte)'\n'];
        }

        yield return "0\r\n\r\n"u8.ToArray();
    }

    // Some registries answer with an absolute address, which is their own.
    private static string Location(Answer answer)
    {
        var location = answer.Find("Location") ?? throw new WrongAnswerException($"no Location: {answer.Head}");
        return location.StartsWith('/') ? location : location[location.IndexOf('/', "https://".Length)..];
    }
}
