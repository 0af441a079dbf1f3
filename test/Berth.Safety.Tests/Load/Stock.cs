namespace Berth.Safety.Tests.Load;

/// <summary>Everything that the clients of a run may push, and where: small enough that they meet.</summary>
public sealed record Stock(IReadOnlyList<string> Repositories, IReadOnlyList<string> Tags, IReadOnlyList<Content> Blobs, IReadOnlyList<Image> Images)
{
    private const int SmallestBlob = 1024;
    private const int Doublings = 11; // up to 2 MiB

    private const int BlobCount = 48;
    private const int ImageCount = 24;
    private const int IndexCount = 5;

    /// <summary>The same seed makes the same stock. A quarter of it is named by sha512.</summary>
    public static Stock Create(int seed)
    {
        var random = new Random(seed);
        var blobs = Enumerable.Range(0, BlobCount)
            .Select(_ => Content.Random(random, (int)(SmallestBlob * Math.Pow(2, random.NextDouble() * Doublings)), random.Next(4) == 0))
            .ToArray();
        var images = Enumerable.Range(0, ImageCount)
            .Select(_ => Image.Of(random.GetItems(blobs, 2 + random.Next(3)).Distinct().ToArray(), random.Next(4) == 0))
            .ToArray();
        var indexes = Enumerable.Range(0, IndexCount).Select(_ => Image.IndexOf(random.GetItems(images, 2).Distinct().ToArray()));
        return new Stock(["team/a", "team/b", "c"], ["1", "2", "3", "latest"], blobs, [.. images.Concat(indexes).DistinctBy(image => image.Digest)]);
    }
}
