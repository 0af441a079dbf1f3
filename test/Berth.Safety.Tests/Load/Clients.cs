using System.Collections.Concurrent;
using Berth.Safety.Tests.History;

namespace Berth.Safety.Tests.Load;

/// <summary>Everything that talks to one running server, and what it left open there.</summary>
public sealed class Clients : IDisposable
{
    private readonly CallLog _log;
    private readonly Stock _stock;
    private readonly ConcurrentBag<Upload> _sessions;

    /// <param name="sessions">Sessions of earlier servers of the same folder; new ones are added.</param>
    /// <param name="isTolerant">Whether to go on when connections break.</param>
    public Clients(string address, CallLog log, Stock stock, ConcurrentBag<Upload> sessions, bool isTolerant = false)
    {
        (_log, _stock, _sessions) = (log, stock, sessions);
        Wire = new Wire(address, log) { IsTolerant = isTolerant };
        Uploads = new UploadCalls(Wire, log, sessions);
        Contents = new ContentCalls(Wire, log, stock);
    }

    public Wire Wire { get; }

    public UploadCalls Uploads { get; }

    public ContentCalls Contents { get; }

    /// <summary>Lets clients work, several at a time, until the server is gone or there is an end.</summary>
    public Task[] Work(int count, Random random, Task end, CancellationToken cancellationToken) =>
        [.. Enumerable.Range(0, count).Select(_ => new LoadClient(this, _stock, random.Next()).RunAsync(end, cancellationToken))];

    /// <summary>Reads everything that the registry may have, and judges it and all answers since the last time.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        // Sessions first: one that is gone proves that its blob was stored, and the blob must be found then.
        await ForEachAsync(_sessions.Where(upload => upload.State != UploadState.Over), Uploads.AskAsync, cancellationToken);
        foreach (var repository in _stock.Repositories)
        {
            await ForEachAsync(_stock.Blobs, async (blob, token) => await Contents.ReadBlobAsync(repository, blob, isHead: false, token), cancellationToken);
            await ForEachAsync(_stock.Images, async (image, token) => await Contents.ReadManifestAsync(repository, image, token), cancellationToken);
            await ForEachAsync(_stock.Tags, async (tag, token) => await Contents.ReadTagAsync(repository, tag, token), cancellationToken);
        }

        _log.Settle();
        foreach (var repository in _stock.Repositories)
        {
            await Contents.CompareTagsAsync(repository, cancellationToken);
        }
    }

    /// <summary>Continues the sessions that are open, each from where the server says it is, by a chunk and the rest.</summary>
    public Task FinishAllAsync(CancellationToken cancellationToken) =>
        ForEachAsync(
            _sessions.Where(upload => upload.State == UploadState.Open),
            async (upload, token) =>
            {
                if (upload.Left > 2)
                {
                    await Uploads.AppendAsync(upload, upload.Left / 2, token);
                }

                await Uploads.FinishAsync(upload, token);
            },
            cancellationToken);

    /// <summary>Pushes what an image needs, as a client does: what is there is not sent again.</summary>
    public async Task PushNeedsAsync(string repository, Image image, CancellationToken cancellationToken)
    {
        foreach (var blob in image.Blobs)
        {
            if (await Contents.ReadBlobAsync(repository, blob, isHead: true, cancellationToken) == false)
            {
                await Uploads.PushAsync(repository, blob, cancellationToken);
            }
        }

        foreach (var child in image.Children)
        {
            await PushNeedsAsync(repository, child, cancellationToken);
            await Contents.PushManifestAsync(repository, child, [], cancellationToken);
        }
    }

    public void Dispose() => Wire.Dispose();

    private static Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items.ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken },
            async (item, token) => await act(item, token));
}
