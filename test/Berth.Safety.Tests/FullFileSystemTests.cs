using Berth.Safety.Tests.Load;

namespace Berth.Safety.Tests;

/// <summary>A real file system with no space left.</summary>
public sealed class FullFileSystemTests(ITestOutputHelper output)
{
    private const int KiB = 1024;
    private const string Repository = "full";

    private static readonly int[] Sizes = [1024 * KiB, 64 * KiB, 2 * KiB];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tmpfs", 24)]
    [InlineData("ext4", 64)]
    public async Task A_registry_that_filled_its_disk_refuses_pushes_and_goes_on_with_all_else(string kind, int mebibytes)
    {
        await using var disk = await SmallFileSystem.MountAsync(kind, mebibytes, ballast: mebibytes / 4 * KiB * KiB, Cancellation);
        var random = new Random(mebibytes);
        var kept = Enumerable.Range(0, 4).Select(_ => Content.Random(random, 10 * KiB)).ToArray();
        var filling = Sizes.SelectMany(size => Enumerable.Range(0, mebibytes + 20).Select(_ => Content.Random(random, size))).ToArray();
        Image[] images = [Image.Of(kept[..2]), Image.Of(kept[1..3])];
        await using var victim = new Victim(disk.DataFolder, new Stock([Repository], ["1", "2"], [.. kept, .. filling], images));
        await victim.StartAsync(Cancellation);
        var clients = victim.Clients;
        await PushAsync(clients, images[0], "1");
        await PushAsync(clients, images[1], "2");
        var upload = (await clients.Uploads.StartAsync(Repository, filling[0], Cancellation))!;
        await clients.Uploads.AppendAsync(upload, 512 * KiB, Cancellation);
        Assert.Empty(clients.Wire.Faults);

        await FillAsync(clients, filling);
        output.WriteLine($"{clients.Wire.Faults.Count} pushes refused, {disk.Free} bytes free");
        DemandRefused(clients);
        await clients.SettleAsync(Cancellation);

        clients.Wire.Faults.Clear();
        await clients.Contents.DeleteTagAsync(Repository, "1", Cancellation);
        await clients.Contents.DeleteManifestAsync(Repository, images[0], Cancellation);
        await clients.Contents.DeleteBlobAsync(Repository, kept[0], Cancellation);
        await clients.Uploads.CancelAsync(upload, Cancellation);
        await clients.SettleAsync(Cancellation);
        Assert.Empty(clients.Wire.Faults);

        disk.DropBallast();
        await DemandGoesOnAsync(victim, images[0], filling[0]);
    }

    [Theory]
    [InlineData("tmpfs", 24)]
    [InlineData("ext4", 64)]
    public async Task When_others_filled_the_disk_reading_goes_on_and_all_is_well_again_after(string kind, int mebibytes)
    {
        await using var disk = await SmallFileSystem.MountAsync(kind, mebibytes, ballast: 0, Cancellation);
        var random = new Random(mebibytes);
        var blobs = Enumerable.Range(0, 4).Select(_ => Content.Random(random, 10 * KiB)).ToArray();
        Image[] images = [Image.Of(blobs[..2]), Image.Of(blobs[1..3])];
        await using var victim = new Victim(disk.DataFolder, new Stock([Repository], ["1", "2"], blobs, images));
        await victim.StartAsync(Cancellation);
        await PushAsync(victim.Clients, images[0], "1");

        await disk.FillAsync(Cancellation);
        await PushAsync(victim.Clients, images[1], "2");
        await victim.Clients.Uploads.PushInOneAsync(Repository, blobs[3], Cancellation);
        await victim.Clients.Contents.DeleteTagAsync(Repository, "1", Cancellation);
        Assert.NotEmpty(victim.Clients.Wire.Faults);
        DemandRefused(victim.Clients);
        await victim.Clients.SettleAsync(Cancellation);

        victim.Clients.Wire.Faults.Clear();
        disk.DropBallast();
        await DemandGoesOnAsync(victim, images[1], blobs[3]);
    }

    private static void DemandRefused(Clients clients) =>
        Assert.All(clients.Wire.Faults, fault => Assert.Equal((503, "5"), (fault.Status, fault["Retry-After"])));

    private static async Task DemandGoesOnAsync(Victim victim, Image image, Content blob)
    {
        await PushAsync(victim.Clients, image, "1");
        await victim.Clients.Uploads.PushAsync(Repository, blob, Cancellation);
        await victim.Clients.SettleAsync(Cancellation);
        Assert.Empty(victim.Clients.Wire.Faults);
        await victim.StopAsync(Cancellation);
        await Fsck.DemandCleanAsync(victim.DataFolder, Cancellation);
    }

    private static async Task PushAsync(Clients clients, Image image, string tag)
    {
        await clients.PushNeedsAsync(Repository, image, Cancellation);
        await clients.Contents.PushManifestAsync(Repository, image, tag, Cancellation);
    }

    /// <summary>Pushes large blobs until one is refused, then smaller ones.</summary>
    private static async Task FillAsync(Clients clients, IReadOnlyList<Content> filling)
    {
        foreach (var size in filling.GroupBy(blob => blob.Bytes.Length))
        {
            var refused = clients.Wire.Faults.Count;
            foreach (var blob in size.TakeWhile(_ => clients.Wire.Faults.Count == refused))
            {
                await clients.Uploads.PushAsync(Repository, blob, Cancellation);
            }

            Assert.True(clients.Wire.Faults.Count > refused, "it never was full");
        }
    }
}
