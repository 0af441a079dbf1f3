using System.IO.Pipelines;

namespace Berth.Uploads;

/// <summary>The bytes a request brings to an upload, and what the client said about them.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Range">Where the client says they belong; null: at the end.</param>
/// <param name="Length">How many bytes the client said will come; null when it did not say.</param>
public sealed record UploadBody(PipeReader Content, ContentRange? Range, long? Length)
{
    /// <summary>No bytes.</summary>
    public static UploadBody Empty { get; } = new(PipeReader.Create(Stream.Null), null, 0);

    /// <exception cref="OciException">RANGE_INVALID (416) when the bytes do not continue at <paramref name="offset"/>; SIZE_INVALID.</exception>
    internal void DemandContinues(long offset)
    {
        if (Range is not { } range)
        {
            return;
        }

        if (range.Start != offset)
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
