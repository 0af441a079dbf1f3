using System.Text;

namespace Berth.Oci.Tests.Manifests;

public sealed class ManifestLimitTests
{
    [Fact]
    public void A_manifest_of_4_MiB_may_be_nearly_all_annotation()
    {
        var head = Json.Image(more: ""","annotations":{"k":" """)[..^1];
        var value = new string('v', Manifest.MaxBytes - Encoding.UTF8.GetByteCount(head + "\"}}"));
        var content = Encoding.UTF8.GetBytes(head + value + "\"}}");
        Assert.Equal(Manifest.MaxBytes, content.Length);

        Assert.Equal(" " + value, Manifest.Parse(content, null).Annotations?["k"]);
    }

    [Fact]
    public void A_document_may_nest_32_levels_and_no_more()
    {
        string Nested(int levels) =>
            string.Concat(Enumerable.Repeat("{\"x\":", levels - 1)) + "{}" + new string('}', levels - 1);

        Json.Parse(Nested(32), "a/b");
        Assert.Equal("the document is not JSON, or nests too deeply (line 1)", Json.Refuse(Nested(33), "a/b").Detail);
        Assert.Equal("the document is not JSON, or nests too deeply (line 1)", Json.Refuse(Nested(100_000), "a/b").Detail);
    }

    [Fact]
    public void A_manifest_may_name_10_000_digests_and_no_more()
    {
        string Index(int count) => Json.Index("[" + string.Join(',', Enumerable.Range(0, count).Select(number =>
            $$"""{"digest":"sha256:{{number:x64}}","size":1}""")) + "]");

        Assert.Equal(10_000, Json.Parse(Index(10_000)).References.Count);
        Assert.Equal("more than 10000 references", Json.Refuse(Index(10_001)).Detail);
    }

    [Fact]
    public void Digests_in_members_of_no_standard_count_too()
    {
        var digests = string.Join(',', Enumerable.Range(0, 10_001).Select(number => $$"""{"digest":"sha256:{{number:x64}}"}"""));

        Assert.Equal("more than 10000 references", Json.Refuse($$"""{"x":[{{digests}}]}""", "a/b").Detail);
    }

    [Fact]
    public void One_digest_may_be_named_more_often()
    {
        var children = Enumerable.Range(0, 20_000)
            .Select(number => Json.Descriptor('a', more: $$""","platform":{"os":"{{number}}"}"""));

        Assert.Equal(20_000, Assert.Single(Json.Parse(Json.Index($"[{string.Join(',', children)}]")).References).Platforms.Count);
    }
}
