namespace Berth.Oci.Tests.Manifests;

/// <summary>SEC-03: what two readers could read differently, and what no reader could use, is refused at the push.</summary>
public sealed class ManifestRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{} x")]
    [InlineData("{/* comment */}")]
    [InlineData("{\"x\":[1,]}")]
    [InlineData("{'x':1}")]
    [InlineData("{\"x\":01}")]
    [InlineData("{\"x\":\"\n\"}")]
    [InlineData("\uFEFF{}")]
    public void What_is_not_JSON_is_refused(string json) =>
        Assert.Equal("the document is not JSON, or nests too deeply (line 1)", Json.Refuse(json, "a/b").Detail);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    public void What_is_not_an_object_is_refused(string json) =>
        Assert.Equal("the document is not an object", Json.Refuse(json, "a/b").Detail);

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    public void What_is_not_UTF_8_is_refused(byte[] bytes) =>
        Assert.Equal("the document is not UTF-8", Json.Refuse([.. "{\"x\":\""u8, .. bytes, .. "\"}"u8], "a/b").Detail);

    [Theory]
    [InlineData("""{"x":"\ud800"}""")]
    [InlineData("""{"x":["\udc00\ud800"]}""")]
    [InlineData("""{"\udfff":1}""")]
    [InlineData("""{"\ud800":1,"\ud800":2}""")]
    [InlineData("""{"annotations":{"k":"\ud83d"}}""")]
    public void Half_a_surrogate_pair_is_refused_wherever_it_stands(string json) =>
        Assert.Equal("the document has a string that is not Unicode", Json.Refuse(json, "a/b").Detail);

    [Theory]
    [InlineData("""{"schemaVersion":2,"schemaVersion":2}""")]
    [InlineData("""{"x":1,"\u0078":2}""")]
    [InlineData("""{"x":{"y":[{"z":1,"z":1}]}}""")]
    [InlineData("""{"annotations":{"k":"1","k":"2"}}""")]
    public void A_key_that_is_repeated_at_any_depth_is_refused(string json) =>
        Assert.Equal("the document repeats a key", Json.Refuse(json, "a/b").Detail);

    [Theory]
    [InlineData("Layers", "layers")]
    [InlineData("CONFIG", "config")]
    [InlineData("manifestS", "manifests")]
    [InlineData("MediaType", "mediaType")]
    [InlineData("schemaversion", "schemaVersion")]
    [InlineData("artifacttype", "artifactType")]
    [InlineData("Subject", "subject")]
    [InlineData("Annotations", "annotations")]
    [InlineData("Blobs", "blobs")]
    [InlineData("layer\u017f", "layers")]
    [InlineData("\\u004cayers", "layers")]
    public void A_key_that_Go_would_take_for_a_known_one_is_refused(string key, string known) =>
        Assert.Equal($"a key differs from {known} only by case", Json.Refuse($$"""{"{{key}}":null}""", "a/b").Detail);

    [Theory]
    [InlineData("Digest", "digest")]
    [InlineData("SIZE", "size")]
    [InlineData("\u017fize", "size")]
    [InlineData("mediatype", "mediaType")]
    [InlineData("URLs", "urls")]
    [InlineData("Data", "data")]
    [InlineData("Platform", "platform")]
    public void The_same_holds_in_every_descriptor(string key, string known)
    {
        var descriptor = Json.Descriptor('b', more: $""","{key}":null""");

        string[] documents =
        [
            Json.Image($"[{descriptor}]"),
            Json.Index($"[{descriptor}]"),
            Json.Image(more: $""","subject":{descriptor}"""),
            $$"""{"mediaType":"{{MediaTypes.OciArtifactManifest}}","blobs":[{{descriptor}}]}""",
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.DockerManifest}}","config":{{descriptor}}}""",
        ];
        Assert.All(documents, document => Assert.Equal($"a key differs from {known} only by case", Json.Refuse(document).Detail));
    }

    [Theory]
    [InlineData("OS", "os")]
    [InlineData("o\u017f", "os")]
    [InlineData("Architecture", "architecture")]
    public void The_same_holds_in_a_platform(string key, string known) =>
        Assert.Equal(
            $"a key differs from {known} only by case",
            Json.Refuse(Json.Index($$"""[{{Json.Descriptor('b', more: $$""","platform":{"{{key}}":"x"}""")}}]""")).Detail);

    [Theory]
    [InlineData("size")]
    [InlineData("Size")]
    [InlineData("DATA")]
    [InlineData("os")]
    [InlineData("Media Type")]
    [InlineData("")]
    public void Other_keys_are_free(string key) => Json.Parse(Json.Image(more: $""","{key}":[null]"""));

    [Fact]
    public void Members_of_two_kinds_are_refused()
    {
        Assert.Equal("manifests belongs to another kind of manifest", Json.Refuse(Json.Image(more: ""","manifests":[]""")).Detail);
        Assert.Equal("manifests belongs to another kind of manifest", Json.Refuse(Json.Image(more: ""","manifests":null""")).Detail);
        Assert.Equal("layers belongs to another kind of manifest", Json.Refuse(Json.Index(more: ""","layers":[]""")).Detail);
        Assert.Equal("config belongs to another kind of manifest", Json.Refuse(Json.Index(more: ""","config":{}""")).Detail);
        Assert.Equal("layers belongs to another kind of manifest", Json.Refuse("""{"layers":[]}""", MediaTypes.OciArtifactManifest).Detail);
    }

    [Theory]
    [InlineData("""{"schemaVersion":2,"layers":[]}""", MediaTypes.OciImageManifest, "config is missing")]
    [InlineData("""{"schemaVersion":2,"config":null}""", MediaTypes.DockerManifest, "config is missing")]
    [InlineData("""{"schemaVersion":2}""", MediaTypes.OciImageIndex, "manifests is missing")]
    [InlineData("""{"schemaVersion":2}""", MediaTypes.DockerManifestList, "manifests is missing")]
    public void A_kind_without_its_own_member_is_refused(string json, string mediaType, string reason) =>
        Assert.Equal(reason, Json.Refuse(json, mediaType).Detail);

    [Theory]
    [InlineData("")]
    [InlineData("\"schemaVersion\":null,")]
    [InlineData("\"schemaVersion\":1,")]
    [InlineData("\"schemaVersion\":\"2\",")]
    [InlineData("\"schemaVersion\":2.0,")]
    [InlineData("\"schemaVersion\":2e0,")]
    [InlineData("\"schemaVersion\":-2,")]
    [InlineData("\"schemaVersion\":4294967298,")]
    public void Another_schema_version_is_refused(string member)
    {
        Assert.Equal("schemaVersion must be 2", Json.Refuse("{" + member + "\"manifests\":[]}", MediaTypes.OciImageIndex).Detail);
        Assert.Equal("schemaVersion must be 2", Json.Refuse("{" + member + "\"config\":{}}", MediaTypes.OciImageManifest).Detail);
        Assert.Equal("schemaVersion must be 2", Json.Refuse("{" + member + "\"config\":{}}", MediaTypes.DockerManifest).Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"size\":null")]
    [InlineData(",\"size\":-1")]
    [InlineData(",\"size\":-0")]
    [InlineData(",\"size\":1.0")]
    [InlineData(",\"size\":1e3")]
    [InlineData(",\"size\":9223372036854775808")]
    [InlineData(",\"size\":\"5\"")]
    [InlineData(",\"size\":[5]")]
    public void A_size_is_written_in_plain_digits(string member)
    {
        var descriptor = $$"""{"digest":"{{Json.DigestOf('b')}}"{{member}}}""";

        Assert.Equal("a descriptor in layers has no valid size", Json.Refuse(Json.Image($"[{descriptor}]")).Detail);
        Assert.Equal("a descriptor in subject has no valid size", Json.Refuse(Json.Index(more: $""","subject":{descriptor}""")).Detail);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_size_is_any_long(string size, long expected) =>
        Assert.Equal(
            expected,
            Json.Parse(Json.Index($$"""[{"digest":"{{Json.DigestOf('b')}}","size":{{size}}}]""")).References[0].Descriptor.Size);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"sha256:abc\"")]
    [InlineData("\"sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\"")]
    [InlineData("\"sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b\"")]
    public void Another_digest_is_refused_as_DIGEST_INVALID(string digest)
    {
        var descriptor = $$"""{"digest":{{digest}},"size":1}""";

        Assert.Equal(OciErrorCode.DigestInvalid, Json.Refuse(Json.Image($"[{descriptor}]")).Code);
        Assert.Equal(OciErrorCode.DigestInvalid, Json.Refuse(Json.Index(more: $""","subject":{descriptor}""")).Code);
    }

    [Theory]
    [InlineData("""{"size":1}""", "a descriptor in layers has no digest")]
    [InlineData("""{"digest":null,"size":1}""", "a descriptor in layers has no digest")]
    [InlineData("""{"digest":5,"size":1}""", "digest is not a string")]
    [InlineData("null", "layers has something that is not an object")]
    [InlineData("[]", "layers has something that is not an object")]
    [InlineData("\"sha256:abc\"", "layers has something that is not an object")]
    public void What_is_no_descriptor_is_refused(string entry, string reason) =>
        Assert.Equal(reason, Json.Refuse(Json.Image($"[{entry}]")).Detail);

    [Theory]
    [InlineData(",\"annotations\":[]", "annotations has something that is not an object")]
    [InlineData(",\"annotations\":{\"k\":5}", "an annotation is not a string")]
    [InlineData(",\"annotations\":{\"k\":null}", "an annotation is not a string")]
    [InlineData(",\"artifactType\":[]", "artifactType is not a string")]
    [InlineData(",\"subject\":[]", "subject has something that is not an object")]
    public void A_member_of_another_type_is_refused(string member, string reason)
    {
        Assert.Equal(reason, Json.Refuse(Json.Image(more: member)).Detail);
        Assert.Equal(reason, Json.Refuse($$"""{"x":1{{member}}}""", "a/unknown").Detail);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"a\"")]
    [InlineData("5")]
    public void A_list_of_another_type_is_refused(string list)
    {
        Assert.Equal("layers is not an array", Json.Refuse(Json.Image(list)).Detail);
        Assert.Equal("manifests is not an array", Json.Refuse(Json.Index(list)).Detail);
    }

    [Theory]
    [InlineData("\"linux\"", "platform has something that is not an object")]
    [InlineData("{\"os\":5}", "os is not a string")]
    public void A_platform_of_another_type_is_refused(string platform, string reason) =>
        Assert.Equal(reason, Json.Refuse(Json.Index($"[{Json.Descriptor('b', more: $""","platform":{platform}""")}]")).Detail);
}
