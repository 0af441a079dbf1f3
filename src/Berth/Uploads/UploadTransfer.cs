using System.IO.Pipelines;
using Berth.Storage;

namespace Berth.Uploads;

/// <summary>Moves a request's bytes into a staged object, hashing them on the way: one pass, in the blocks they came in.</summary>
internal static class UploadTransfer
{
    /// <summary>How long a client may send nothing. The server's average rate alone would wait hours for one that was fast before it vanished.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromSeconds(30);

    /// <summary>Copies until the client has sent everything.</summary>
    /// <param name="limit">The bytes announced; more are not taken. Null: no limit.</param>
    /// <returns>Null, or why the client's bytes ended early. What came before is in the object and in the hash.</returns>
    /// <exception cref="StorageException">The object must be abandoned.</exception>
    public static async ValueTask<Exception?> CopyAsync(
        PipeReader content, IStagedBlob staged, RunningHash? hash, long? limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        var most = limit is { } bytes ? staged.Length + bytes : long.MaxValue;
        while (true)
        {
            ReadResult read;
            try
            {
                silence.CancelAfter(MostSilence);
                read = await content.ReadAsync(end.Token);
                silence.CancelAfter(Timeout.InfiniteTimeSpan); // the disk may take longer
            }
            catch (OperationCanceledException) when (silence.IsCancellationRequested)
            {
                return new OciException(OciError.RequestBroken(408));
            }
            catch (Exception interruption) when (interruption is IOException or OperationCanceledException)
            {
                return interruption; // the client went away, or stopped sending
            }

            try
            {
                foreach (var block in read.Buffer)
                {
                    if (staged.Length + block.Length > most)
                    {
                        throw new OciException(OciError.LengthMismatch(limit!.Value, staged.Length + block.Length - most + limit.Value));
                    }

                    hash?.Append(block.Span);
                    await staged.AppendAsync(block, CancellationToken.None); // hash and object must not part
                }
            }
            finally
            {
                content.AdvanceTo(read.Buffer.End); // also when it is refused: the server reads on to the next request
            }

            if (read.IsCompleted)
            {
                return null;
            }
        }
    }
}
