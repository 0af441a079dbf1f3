using Berth.Safety.Tests.Load;

namespace Berth.Safety.Tests;

/// <summary>One of each thing that changes a registry, one after the other, in a repository of its own.</summary>
public static class FixedScenario
{
    private const int BlobBytes = 6000;

    /// <summary>What the scenario pushes; with another number, everything is another.</summary>
    public static Stock StockOf(int number)
    {
        var random = new Random(number);
        var blobs = Enumerable.Range(0, 4).Select(index => Content.Random(random, BlobBytes, isSha512: index == 1)).ToArray();
        Image[] images = [Image.Of(blobs[..2]), Image.Of([blobs[0], blobs[2]])];
        return new Stock([$"point/{number}"], ["1", "2"], blobs, [.. images, Image.IndexOf([images[1]])]);
    }

    /// <summary>Runs to the end, or until the server is gone.</summary>
    public static async Task RunAsync(Clients clients, Stock stock, CancellationToken cancellationToken)
    {
        foreach (var step in Steps(clients, stock, stock.Repositories[0]))
        {
            if (clients.Wire.IsBroken)
            {
                break;
            }

            await step(cancellationToken);
        }
    }

    private static IEnumerable<Func<CancellationToken, Task>> Steps(Clients clients, Stock stock, string repository)
    {
        var (uploads, contents, blobs, images) = (clients.Uploads, clients.Contents, stock.Blobs, stock.Images);
        return
        [
            token => uploads.PushAsync(repository, blobs[0], token),
            token => uploads.PushInOneAsync(repository, blobs[1], token),
            token => ResumeAsync(uploads, repository, blobs[2], blobs[3].Digest, token),
            token => contents.PushManifestAsync(repository, images[0], "1", token),
            token => contents.PushManifestAsync(repository, images[1], ["1", "2"], token), // overwrites a tag
            token => contents.PushManifestAsync(repository, images[2], [], token),
            token => contents.MoveTagAsync(repository, "2", images[0], token),
            token => contents.DeleteTagAsync(repository, "1", token),
            token => contents.DeleteManifestAsync(repository, images[1], token), // refused: the index needs it
            token => contents.DeleteManifestAsync(repository, images[0], token),
            token => contents.DeleteBlobAsync(repository, blobs[1], token),
            token => uploads.PushAsync(repository, blobs[0], token), // stored already: its object is deleted again
            token => LeaveAsync(uploads, repository, blobs[3], isCancelled: true, token),
            token => LeaveAsync(uploads, repository, blobs[3], isCancelled: false, token),
            token => contents.PushManifestAsync(repository, images[2], "1", token),
        ];
    }

    /// <summary>In chunks, with a wrong claim in between, whose bytes have to be cut off again.</summary>
    private static async Task ResumeAsync(UploadCalls uploads, string repository, Content content, string wrong, CancellationToken cancellationToken)
    {
        if (await uploads.StartAsync(repository, content, cancellationToken) is { } upload)
        {
            await uploads.AppendAsync(upload, BlobBytes / 3, cancellationToken);
            await uploads.FinishWronglyAsync(upload, wrong, cancellationToken);
            await uploads.AppendAsync(upload, BlobBytes / 3, cancellationToken);
            await uploads.FinishAsync(upload, cancellationToken);
        }
    }

    private static async Task LeaveAsync(UploadCalls uploads, string repository, Content content, bool isCancelled, CancellationToken cancellationToken)
    {
        if (await uploads.StartAsync(repository, content, cancellationToken) is { } upload)
        {
            await uploads.AppendAsync(upload, BlobBytes / 3, cancellationToken);
            if (isCancelled)
            {
                await uploads.CancelAsync(upload, cancellationToken);
            }
        }
    }
}
