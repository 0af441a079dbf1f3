using System.IO.Pipelines;

namespace Berth.Uploads;

/// <summary>The bytes a request brings to an upload, and what the client said about them.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Range">Where the client says they belong; null: at the end.</param>
/// <param name="Length">How many bytes the client said will come; null when it did not say.</param>
/// <param name="Offset">The offset of the upload when the client was told where to continue; null when it does not remember.</param>
public sealed record UploadBody(PipeReader Content, ContentRange? Range = null, long? Length = null, long? Offset = null)
{
    /// <exception cref="OciException">RANGE_INVALID (416) when the bytes do not continue at <paramref name="offset"/>; SIZE_INVALID.</exception>
    internal void DemandContinues(long offset)
    {
        if ((Range?.Start ?? offset) != offset || (Offset ?? offset) != offset)
        {
            throw new OciException(OciError.ChunkOutOfOrder(offset));
        }

        DemandLength(Length);
    }

    /// <exception cref="OciException">SIZE_INVALID when the client announced another number of bytes.</exception>
    internal void DemandLength(long? actual)
    {
        if (actual is { } length && (Range?.Length ?? Length) is { } announced && announced != length)
        {
            throw new OciException(OciError.LengthMismatch(announced, length));
        }
    }
}
