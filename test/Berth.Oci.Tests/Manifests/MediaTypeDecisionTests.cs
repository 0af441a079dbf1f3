namespace Berth.Oci.Tests.Manifests;

/// <summary>Which media type a manifest has: what the client declares, what the document says, or what its shape says.</summary>
public sealed class MediaTypeDecisionTests
{
    private static readonly string UntypedImage = $$"""{"schemaVersion":2,"config":{{Json.Descriptor('a')}},"layers":[]}""";
    private const string UntypedIndex = """{"schemaVersion":2,"manifests":[]}""";

    public static TheoryData<string?> Generic =>
        [(string?)null, "", "application/json", "application/octet-stream", "application/x-www-form-urlencoded", "Application/JSON"];

    [Theory]
    [MemberData(nameof(Generic))]
    public void Without_a_declaration_the_document_says_it(string? contentType)
    {
        Assert.Equal(MediaTypes.OciImageManifest, Json.Parse(Json.Image(), contentType).MediaType);
        Assert.Equal(
            MediaTypes.DockerManifest,
            Json.Parse(UntypedImage[..^1] + $""","mediaType":"{MediaTypes.DockerManifest}" """ + "}", contentType).MediaType);
        Assert.Equal("a/unknown", Json.Parse("""{"mediaType":"a/unknown"}""", contentType).MediaType);
    }

    [Theory]
    [MemberData(nameof(Generic))]
    public void Where_both_are_silent_the_shape_says_it(string? contentType)
    {
        Assert.Equal(MediaTypes.OciImageManifest, Json.Parse(UntypedImage, contentType).MediaType);
        Assert.Equal(MediaTypes.OciImageIndex, Json.Parse(UntypedIndex, contentType).MediaType);
        Assert.Equal(MediaTypes.OciImageIndex, Json.Parse("""{"schemaVersion":2,"mediaType":"","manifests":[]}""", contentType).MediaType);
        Assert.Equal("neither Content-Type nor mediaType says what this is", Json.Refuse("{}", contentType).Detail);
    }

    [Theory]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"config":null}""")]
    public void A_shape_of_two_kinds_is_refused(string json) => Assert.Equal(OciErrorCode.ManifestInvalid, Json.Refuse(json).Code);

    [Theory]
    [InlineData(MediaTypes.OciImageManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public void Where_the_document_is_silent_the_declaration_says_it(string contentType) =>
        Assert.Equal(contentType, Json.Parse(UntypedImage, contentType).MediaType);

    [Fact]
    public void Both_may_say_the_same() =>
        Assert.Equal(MediaTypes.OciImageManifest, Json.Parse(Json.Image(), MediaTypes.OciImageManifest).MediaType);

    [Theory]
    [InlineData(MediaTypes.OciImageIndex)]
    [InlineData(MediaTypes.DockerManifest)]
    [InlineData("text/plain")]
    [InlineData("application/vnd.OCI.image.manifest.v1+json")]
    public void What_contradicts_is_refused(string contentType) =>
        Assert.Equal("mediaType differs from the Content-Type", Json.Refuse(Json.Image(), contentType).Detail);

    // SEC-03: a client would take the type in lower case, and read an index where we saw a document of an unknown type.
    [Theory]
    [InlineData("application/vnd.oci.image.INDEX.v1+json")]
    [InlineData("Application/vnd.docker.distribution.manifest.v2+json")]
    public void A_type_that_differs_from_a_known_one_only_by_case_is_refused(string mediaType)
    {
        Assert.Equal("the media type differs from a known one only by case", Json.Refuse("{}", mediaType).Detail);
        Assert.Equal("the media type differs from a known one only by case", Json.Refuse($$"""{"mediaType":"{{mediaType}}"}""").Detail);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("a/b; charset=utf-8")]
    [InlineData("a/b\\r\\nx: y")]
    [InlineData("a/\\u0000")]
    [InlineData("a/\\u00e9")]
    public void A_type_that_could_not_be_a_header_is_refused(string mediaType) =>
        Assert.Equal("the media type is not of the form type/subtype", Json.Refuse($$"""{"mediaType":"{{mediaType}}"}""").Detail);

    [Theory]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_type_is_a_string(string mediaType) =>
        Assert.Equal("mediaType is not a string", Json.Refuse($$"""{"mediaType":{{mediaType}}}""", "a/b").Detail);
}
