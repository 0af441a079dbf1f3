using Berth.Access;
using System.Text;
using Berth.Manifests;
using Berth.Testing.Metadata;

namespace Berth.Tests.Manifests;

public sealed class ManifestContentsTests
{
    private static readonly RepositoryName Other = RepositoryName.Parse("team/other");
    private static readonly Tag Latest = Tag.Parse("latest");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_that_are_near_make_no_manifest_visible()
    {
        await using var fixture = EngineFixture.Create();
        var manifests = fixture.Registry.Manifests;
        var manifest = Manifest.Parse(Encoding.UTF8.GetBytes("""{"a":1}"""), "application/x-unknown");
        var push = await manifests.PutAsync(Caller.Local, EngineFixture.App, Latest, manifest, [], Cancellation);
        Assert.Equal(manifest.Content.ToArray(), (await manifests.ReadAsync(Caller.Local, EngineFixture.App, push.Digest, Cancellation))!.Value.ToArray());

        Assert.Null(await manifests.ResolveAsync(Caller.Local, Other, push.Digest, Cancellation));
        await manifests.DeleteAsync(Caller.Local, EngineFixture.App, push.Digest, Cancellation);
        Assert.Null(await manifests.ResolveAsync(Caller.Local, EngineFixture.App, push.Digest, Cancellation));
        Assert.Null(await manifests.ResolveAsync(Caller.Local, EngineFixture.App, Latest, Cancellation));
    }

    [Fact]
    public async Task A_manifest_pushed_again_under_another_type_has_that_type()
    {
        await using var fixture = EngineFixture.Create();
        var manifests = fixture.Registry.Manifests;
        var content = Encoding.UTF8.GetBytes("{}");
        var push = await manifests.PutAsync(Caller.Local, EngineFixture.App, Latest, Manifest.Parse(content, "application/x-one"), [], Cancellation);
        await manifests.ReadAsync(Caller.Local, EngineFixture.App, push.Digest, Cancellation);

        await manifests.PutAsync(Caller.Local, EngineFixture.App, Latest, Manifest.Parse(content, "application/x-two"), [], Cancellation);

        Assert.Equal("application/x-two", (await manifests.ResolveAsync(Caller.Local, EngineFixture.App, Latest, Cancellation))?.MediaType);
    }

    [Fact]
    public async Task Memory_keeps_what_is_read_and_no_more_than_it_may()
    {
        var memory = new MemoryManifestContents(maxBytes: 100_000);
        var often = Sample.DigestOf("often");
        memory.Add(often, new byte[1_000]);
        for (var number = 0; number < 1_000; number++)
        {
            memory.Add(Sample.DigestOf($"{number}"), new byte[1_000]);
            Assert.NotNull(await memory.FindAsync(often, Cancellation));
        }

        var kept = 0;
        for (var number = 0; number < 1_000; number++)
        {
            kept += await memory.FindAsync(Sample.DigestOf($"{number}"), Cancellation) is null ? 0 : 1;
        }

        Assert.InRange(kept, 30, 100);
    }

    [Fact]
    public async Task What_is_larger_than_half_of_the_memory_is_not_kept()
    {
        var memory = new MemoryManifestContents(maxBytes: 10_000);
        memory.Add(Sample.DigestOf("small"), new byte[1]);
        memory.Add(Sample.DigestOf("large"), new byte[5_000]);

        Assert.NotNull(await memory.FindAsync(Sample.DigestOf("small"), Cancellation));
        Assert.Null(await memory.FindAsync(Sample.DigestOf("large"), Cancellation));
    }
}
