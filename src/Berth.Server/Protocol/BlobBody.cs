using System.IO.Pipelines;
using Berth.Server.Transport;
using Berth.Storage;

namespace Berth.Server.Protocol;

/// <summary>Sends bytes of a blob: from the kernel's memory when they are in a file and the connection can, else block by block through ours.</summary>
internal static class BlobBody
{
    /// <summary>Bytes read and sent at a time.</summary>
    private const int Block = 512 * 1024;

    /// <summary>Fewer bytes are sent together with the headers.</summary>
    private const int LeastFromFile = 32 * 1024;

    /// <exception cref="StorageException">The object cannot be read to its end: the client must see a broken answer, not a short blob.</exception>
    public static async Task SendAsync(HttpContext context, IBlobContent content, ByteRange range)
    {
        var output = await FindFileOutputAsync(context, content, range.Length);
        var writer = context.Response.BodyWriter;
        for (var (offset, left) = (range.Start, range.Length); left > 0;)
        {
            var count = output?.Write(writer, ((IFileContent)content).File!, offset, left) is > 0 and var fromFile
                ? fromFile
                : await CopyAsync(writer, content, offset, left, context.RequestAborted);
            offset += count;
            left -= count;
            var flushed = await writer.FlushAsync(context.RequestAborted);
            if (output?.Fault is { } fault)
            {
                throw fault;
            }

            if (flushed.IsCompleted)
            {
                return; // the client has gone
            }
        }
    }

    private static async ValueTask<IFileOutput?> FindFileOutputAsync(HttpContext context, IBlobContent content, long length)
    {
        // Of other protocols, many answers share the connection.
        if (length < LeastFromFile || content is not IFileContent { File: not null } || !HttpProtocol.IsHttp11(context.Request.Protocol)
            || context.Features.Get<IFileOutput>() is not { } output)
        {
            return null;
        }

        await context.Response.StartAsync(context.RequestAborted); // until then the writer's memory is not the connection's
        return output;
    }

    private static async ValueTask<int> CopyAsync(PipeWriter writer, IBlobContent content, long offset, long left, CancellationToken cancellationToken)
    {
        var memory = writer.GetMemory((int)Math.Min(Block, left));
        var read = await content.ReadAsync(memory[..(int)Math.Min(memory.Length, left)], offset, cancellationToken);
        writer.Advance(read);
        return read > 0 ? read : throw new StorageException("An object ended before its size.", isTransient: false);
    }
}
