using System.IO.Pipelines;
using Berth.Storage;

namespace Berth.Uploads;

/// <summary>Moves a request's bytes into a staged object, hashing them on the way: one pass, in the blocks they came in.</summary>
internal static class UploadTransfer
{
    /// <summary>Copies until the client has sent everything.</summary>
    /// <param name="limit">The bytes announced; more are not taken. Null: no limit.</param>
    /// <returns>Null, or why the client's bytes ended early. What came before is in the object and in the hash.</returns>
    /// <exception cref="StorageException">The object must be abandoned.</exception>
    public static async ValueTask<Exception?> CopyAsync(
        PipeReader content, IStagedBlob staged, RunningHash hash, long? limit, CancellationToken cancellationToken)
    {
        var end = limit is { } bytes ? staged.Length + bytes : long.MaxValue;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await content.ReadAsync(cancellationToken);
            }
            catch (Exception interruption) when (interruption is IOException or OperationCanceledException)
            {
                return interruption; // the client went away, or stopped sending
            }

            foreach (var block in read.Buffer)
            {
                if (staged.Length + block.Length > end)
                {
                    throw new OciException(OciError.LengthMismatch(limit!.Value, staged.Length + block.Length - end + limit.Value));
                }

                hash.Append(block.Span);
                await staged.AppendAsync(block, CancellationToken.None); // hash and object must not part
            }

            content.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
