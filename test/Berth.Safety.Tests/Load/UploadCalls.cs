using System.Collections.Concurrent;
using System.Globalization;
using Berth.Safety.Tests.History;

namespace Berth.Safety.Tests.Load;

/// <summary>Pushes blobs in every way there is, and remembers the sessions that are open.</summary>
public sealed class UploadCalls(Wire wire, CallLog log, ConcurrentBag<Upload> sessions)
{
    public async Task<Upload?> StartAsync(string repository, Content content, CancellationToken cancellationToken) =>
        Accept(repository, content, await wire.SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", cancellationToken));

    /// <summary>A session with one closing request.</summary>
    public async Task PushAsync(string repository, Content content, CancellationToken cancellationToken)
    {
        if (await StartAsync(repository, content, cancellationToken) is { } upload)
        {
            await FinishAsync(upload, cancellationToken);
        }
    }

    /// <summary>Everything in one request.</summary>
    public async Task PushInOneAsync(string repository, Content content, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(
            HttpMethod.Post, $"/v2/{repository}/blobs/uploads/?digest={content.Digest}", cancellationToken, content.Bytes);
        Stored(repository, content, exchange);
    }

    /// <summary>From another repository, or if that has it not, by a session.</summary>
    public async Task MountAsync(string repository, string source, Content content, CancellationToken cancellationToken)
    {
        var path = $"/v2/{repository}/blobs/uploads/?mount={content.Digest}&from={source}";
        var exchange = await wire.SendAsync(HttpMethod.Post, path, cancellationToken);
        if (exchange.Status != 202)
        {
            Stored(repository, content, exchange);
            if (exchange.Status == 201)
            {
                log.Add(Register.Blob(source, content.Digest), exchange.Call(Effect.Read(Effect.There)));
            }
        }
        else if (Accept(repository, content, exchange) is { } upload)
        {
            await FinishAsync(upload, cancellationToken);
        }
    }

    public async Task AppendAsync(Upload upload, int length, CancellationToken cancellationToken)
    {
        var end = upload.Acknowledged + Math.Min(length, upload.Left);
        upload.Sent = Math.Max(upload.Sent, end);
        var exchange = await wire.SendAsync(
            HttpMethod.Patch,
            upload.Location,
            cancellationToken,
            upload.Content.Bytes.AsMemory(upload.Acknowledged..end),
            ("Content-Range", $"{upload.Acknowledged}-{end - 1}"));
        if (!IsOver(upload, exchange) && exchange.Expect(202, log))
        {
            Continue(upload, exchange, end);
        }
    }

    /// <summary>Sends what is left, and the digest.</summary>
    public async Task FinishAsync(Upload upload, CancellationToken cancellationToken) =>
        Finished(upload, await SendRestAsync(upload, upload.Content.Digest, cancellationToken));

    /// <summary>As <see cref="FinishAsync"/>, while an earlier request may hold the session still, or may have moved it on.</summary>
    public async Task TryFinishAsync(Upload upload, CancellationToken cancellationToken)
    {
        var exchange = await SendRestAsync(upload, upload.Content.Digest, cancellationToken);
        if (exchange.Status is not (409 or 416))
        {
            Finished(upload, exchange);
        }
    }

    /// <summary>Claims another digest than the bytes have, so that the session must stay what it was.</summary>
    public async Task FinishWronglyAsync(Upload upload, string digest, CancellationToken cancellationToken)
    {
        var exchange = await SendRestAsync(upload, digest, cancellationToken);
        if (!IsOver(upload, exchange) && exchange.Expect(400, log) && digest.StartsWith("sha512:", StringComparison.Ordinal))
        {
            upload.State = UploadState.Doubtful; // a bucket's object can be hashed by another algorithm only when it is complete, which ends the session
        }
    }

    public async Task CancelAsync(Upload upload, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(HttpMethod.Delete, upload.Location, cancellationToken);
        if (!IsOver(upload, exchange))
        {
            exchange.Expect(204, log);
            upload.State = exchange.IsUnknown ? UploadState.Doubtful : UploadState.Over;
        }
    }

    /// <summary>Asks how far a session is, and judges the answer by what was acknowledged.</summary>
    public async Task AskAsync(Upload upload, CancellationToken cancellationToken)
    {
        var exchange = await wire.SendAsync(HttpMethod.Get, upload.Location, cancellationToken);
        if (exchange.Status == 404 && upload.State == UploadState.Ending)
        {
            // The session is gone and nobody else ended it: so the blob was stored.
            log.Add(Register.Blob(upload.Repository, upload.Content.Digest), new Call(upload.EndingSince, exchange.Heard, Effect.Write(Effect.There)));
            upload.State = UploadState.Over;
            return;
        }

        if (IsOver(upload, exchange) || !exchange.Expect(204, log))
        {
            return;
        }

        var last = int.Parse(exchange.Answer!["Range"]!.Split('-')[1], CultureInfo.InvariantCulture);
        var offset = last == 0 ? 0 : last + 1; // 0-0 stands for none, too; no chunk is a single byte
        if (offset < upload.Acknowledged || offset > upload.Sent)
        {
            log.Complain($"{exchange.Answer} promises {offset} bytes for the {upload}");
        }

        upload.State = UploadState.Open;
        Continue(upload, exchange, offset);
    }

    private static bool IsOver(Upload upload, Exchange exchange)
    {
        if (exchange.Status is 404 or 416 && upload.State == UploadState.Doubtful)
        {
            upload.State = UploadState.Over; // it is gone, or not where we left it: a client would begin again
        }
        else if (exchange.Answer is { IsFault: true })
        {
            upload.State = UploadState.Doubtful;
        }

        return upload.State == UploadState.Over;
    }

    private static void Continue(Upload upload, Exchange exchange, int offset)
    {
        upload.Acknowledged = offset;
        upload.Location = PathOf(exchange.Answer!);
    }

    /// <summary>The server may have moved to another port meanwhile.</summary>
    private static string PathOf(Answer answer) => new Uri(new Uri("http://server"), answer["Location"]).PathAndQuery;

    private Task<Exchange> SendRestAsync(Upload upload, string digest, CancellationToken cancellationToken)
    {
        upload.Sent = upload.Content.Bytes.Length;
        return wire.SendAsync(
            HttpMethod.Put, $"{upload.Location}&digest={digest}", cancellationToken, upload.Content.Bytes.AsMemory(upload.Acknowledged));
    }

    private void Finished(Upload upload, Exchange exchange)
    {
        if (exchange.Answer is null && upload.State == UploadState.Open)
        {
            (upload.State, upload.EndingSince) = (UploadState.Ending, exchange.Start);
        }
        else if (!IsOver(upload, exchange))
        {
            Stored(upload.Repository, upload.Content, exchange);
            upload.State = exchange.IsUnknown ? UploadState.Doubtful : UploadState.Over;
        }
    }

    private Upload? Accept(string repository, Content content, Exchange exchange)
    {
        if (!exchange.Expect(202, log))
        {
            return null;
        }

        var upload = new Upload(repository, content, PathOf(exchange.Answer!));
        sessions.Add(upload);
        return upload;
    }

    private void Stored(string repository, Content content, Exchange exchange)
    {
        if (exchange.IsUnknown || exchange.Expect(201, log))
        {
            log.Add(Register.Blob(repository, content.Digest), exchange.Call(Effect.Write(Effect.There)));
        }
    }
}
