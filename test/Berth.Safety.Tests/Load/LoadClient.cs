namespace Berth.Safety.Tests.Load;

/// <summary>A client that does one thing after the other.</summary>
public sealed class LoadClient(Clients clients, Stock stock, int seed)
{
    private const int LargestChunk = 512 * 1024;

    private readonly Random _random = new(seed);

    /// <summary>Works until the server is gone, or there is an end.</summary>
    public async Task RunAsync(Task end, CancellationToken cancellationToken)
    {
        while (!clients.Wire.IsBroken && !end.IsCompleted)
        {
            await ActAsync(cancellationToken);
        }
    }

    private Task ActAsync(CancellationToken cancellationToken)
    {
        var (repository, blob, tag, image) = (One(stock.Repositories), One(stock.Blobs), One(stock.Tags), One(stock.Images));
        return _random.Next(100) switch
        {
            < 12 => clients.Uploads.PushAsync(repository, blob, cancellationToken),
            < 20 => clients.Uploads.PushInOneAsync(repository, blob, cancellationToken),
            < 34 => PushInChunksAsync(repository, blob, cancellationToken),
            < 38 => clients.Uploads.MountAsync(repository, One(stock.Repositories), blob, cancellationToken),
            < 60 => PushImageAsync(repository, image, tag, cancellationToken),
            < 68 => clients.Contents.MoveTagAsync(repository, tag, image, cancellationToken),
            < 73 => clients.Contents.DeleteTagAsync(repository, tag, cancellationToken),
            < 78 => clients.Contents.DeleteManifestAsync(repository, image, cancellationToken),
            < 83 => clients.Contents.DeleteBlobAsync(repository, blob, cancellationToken),
            < 92 => clients.Contents.ReadTagAsync(repository, tag, cancellationToken),
            < 96 => clients.Contents.ReadManifestAsync(repository, image, cancellationToken),
            _ => clients.Contents.ReadBlobAsync(repository, blob, isHead: false, cancellationToken),
        };
    }

    /// <summary>Most are finished, some ended, and some left open.</summary>
    private async Task PushInChunksAsync(string repository, Content blob, CancellationToken cancellationToken)
    {
        if (await clients.Uploads.StartAsync(repository, blob, cancellationToken) is not { } upload)
        {
            return;
        }

        for (var chunks = _random.Next(1, 5); chunks > 0 && upload.Left > 1; chunks--)
        {
            var sent = upload.Sent;
            await clients.Uploads.AppendAsync(upload, 2 + _random.Next(Math.Min(LargestChunk, upload.Left - 1)), cancellationToken);
            if (upload.Acknowledged == sent)
            {
                return; // it was not heard of
            }
        }

        switch (_random.Next(10))
        {
            case 0:
                await clients.Uploads.CancelAsync(upload, cancellationToken);
                break;
            case 1:
                break;
            case 2:
                await clients.Uploads.FinishWronglyAsync(upload, One(stock.Blobs.Where(other => other != blob).ToArray()).Digest, cancellationToken);
                break;
            default:
                await clients.Uploads.FinishAsync(upload, cancellationToken);
                break;
        }
    }

    private async Task PushImageAsync(string repository, Image image, string tag, CancellationToken cancellationToken)
    {
        await clients.PushNeedsAsync(repository, image, cancellationToken);
        if (image.Digest.StartsWith("sha256:", StringComparison.Ordinal) && _random.Next(2) == 0)
        {
            await clients.Contents.PushManifestAsync(repository, image, tag, cancellationToken);
            return;
        }

        var second = One(stock.Tags);
        await clients.Contents.PushManifestAsync(repository, image, second == tag ? [tag] : [tag, second], cancellationToken);
    }

    private T One<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];
}
