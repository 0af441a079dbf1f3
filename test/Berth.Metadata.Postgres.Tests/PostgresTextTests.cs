using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

/// <summary>What clients may write freely comes back as it was: any string of JSON, however long.</summary>
public sealed class PostgresTextTests : MetadataStoreContract<PostgresTestDatabase>
{
    [Theory]
    [InlineData("a\0b")]
    [InlineData("\u00e9\ud83d\ude00 '\\\" \u0001")]
    [InlineData("")]
    public async Task Any_string_of_JSON_is_kept(string text)
    {
        var subject = Sample.DigestOf("subject");
        await PushBlobAsync(App, "config");
        var push = await PushAsync(
            App, Sample.Image("config", [], subject, $"x{text}", new Dictionary<string, string> { [$"key{text}"] = text }), Latest);

        var found = Assert.Single(await Store.Referrers.ListAsync(App, subject, $"x{text}", after: 0, 10, Cancellation)).Descriptor;

        Assert.Equal(push.Digest, found.Digest);
        Assert.Equal($"x{text}", found.ArtifactType);
        Assert.Equal(new Dictionary<string, string> { [$"key{text}"] = text }, found.Annotations);
        Assert.Empty(await Store.Inspection.CheckAsync(Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task A_type_may_be_longer_than_an_entry_of_an_index()
    {
        var (subject, type) = (Sample.DigestOf("subject"), string.Concat(Enumerable.Range(0, 200_000)));
        await PushBlobAsync(App, "config");
        await PushAsync(App, Sample.Image("config", [], subject, type));

        Assert.Single(await Store.Referrers.ListAsync(App, subject, type, after: 0, 10, Cancellation));
        Assert.Empty(await Store.Referrers.ListAsync(App, subject, type + "!", after: 0, 10, Cancellation));
    }

    [Fact]
    public async Task A_page_of_referrers_ends_when_it_has_become_large()
    {
        var subject = Sample.DigestOf("subject");
        var annotations = new Dictionary<string, string> { ["text"] = new('x', 600_000) };
        for (var index = 0; index < 4; index++)
        {
            await PushBlobAsync(App, $"{index}");
            await PushAsync(App, Sample.Image($"{index}", [], subject, artifactType: null, annotations));
        }

        var first = await Store.Referrers.ListAsync(App, subject, artifactType: null, after: 0, 10, Cancellation);
        var second = await Store.Referrers.ListAsync(App, subject, artifactType: null, first[^1].Position, 10, Cancellation);

        Assert.Equal((2, 2), (first.Count, second.Count));
        Assert.Empty(first.Select(row => row.Position).Intersect(second.Select(row => row.Position)));
    }
}
