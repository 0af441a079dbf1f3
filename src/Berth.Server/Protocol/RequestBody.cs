using System.Buffers;

namespace Berth.Server.Protocol;

/// <summary>Reads bodies that are small by their nature.</summary>
internal static class RequestBody
{
    /// <summary>Reads a small body whole, and stops at its limit whatever the client announced.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int limit, OciError tooLarge)
    {
        if (context.Request.ContentLength > limit)
        {
            throw new OciException(tooLarge);
        }

        var content = new ArrayBufferWriter<byte>((int)Math.Max(256, context.Request.ContentLength ?? 0));
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            if (content.WrittenCount + read.Buffer.Length > limit)
            {
                body.AdvanceTo(read.Buffer.End); // the server reads on to the next request
                throw new OciException(tooLarge);
            }

            foreach (var block in read.Buffer)
            {
                content.Write(block.Span);
            }

            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return content.WrittenMemory;
            }
        }
    }
}
