using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Berth.Bench.Registry;

/// <summary>The body of a PATCH, hashed as it is sent, as container clients do.</summary>
internal sealed class BlobContent : HttpContent
{
    private readonly BlobSource _source;
    private readonly int? _chunkBytes;

    public BlobContent(BlobSource source, int? chunkBytes)
    {
        _source = source;
        _chunkBytes = chunkBytes;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>The digest of what was sent, once all was sent.</summary>
    public Digest Digest { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var slice in _source.Slices())
        {
            var step = _chunkBytes ?? slice.Length;
            for (var offset = 0; offset < slice.Length; offset += step)
            {
                var piece = slice.Slice(offset, Math.Min(step, slice.Length - offset));
                hash.AppendData(piece.Span);
                await stream.WriteAsync(piece, cancellationToken);
            }
        }

        Digest = Digest.FromHash(DigestAlgorithm.Sha256, hash.GetCurrentHash());
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = _source.Size;
        return _chunkBytes is null;
    }
}
