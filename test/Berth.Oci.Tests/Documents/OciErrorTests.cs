using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Berth.Oci.Tests.Text;
using CsCheck;

namespace Berth.Oci.Tests.Documents;

public sealed partial class OciErrorTests
{
    // Distribution specification 1.1, "Error Codes".
    private static readonly string[] Specified =
    [
        "BLOB_UNKNOWN", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "DIGEST_INVALID", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID",
        "MANIFEST_UNKNOWN", "NAME_INVALID", "NAME_UNKNOWN", "SIZE_INVALID", "UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS",
    ];

    // Distribution's own, registry/api/v2/errors.go, for what the specification has no code for.
    private static readonly string[] OfDistribution = ["TAG_INVALID", "RANGE_INVALID", "PAGINATION_NUMBER_INVALID"];

    // Distribution's own, registry/api/errcode/register.go, for answers that are the server's fault.
    private static readonly string[] OfServerFaults = ["UNKNOWN", "UNAVAILABLE"];

    private static readonly MethodInfo[] Factories =
        [.. typeof(OciError).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.ReturnType == typeof(OciError))];

    public static TheoryData<string> FactoryNames => [.. Factories.Select(factory => factory.Name)];

    [Fact]
    public void The_codes_are_those_of_the_specification_and_of_distribution() =>
        Assert.Equal(
            Specified.Concat(OfDistribution).Concat(OfServerFaults).Order(StringComparer.Ordinal),
            Enum.GetValues<OciErrorCode>().Select(OnTheWire).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(FactoryNames))]
    public void Every_error_has_a_code_a_status_and_a_text(string factory)
    {
        var error = Make(factory, "text");

        Assert.Matches(Code, OnTheWire(error.Code));
        Assert.InRange(error.Status, 400, 599);
        Assert.Equal(error.Status >= 500, OfServerFaults.Contains(OnTheWire(error.Code), StringComparer.Ordinal));
        Assert.NotEmpty(error.Message);
        Assert.True(error.Detail is null or { Length: > 0 and <= 300 });
    }

    [Theory]
    [MemberData(nameof(FactoryNames))]
    public void No_error_shows_a_path_or_a_type(string factory)
    {
        var error = Make(factory, "text");

        Assert.DoesNotMatch(PathOrType, $"{error.Message} {error.Detail}");
    }

    [Theory]
    [MemberData(nameof(FactoryNames))]
    public void An_error_is_written_as_the_specification_says(string factory)
    {
        var error = Make(factory, "text");

        using var document = JsonDocument.Parse(JsonSerializer.Serialize(ErrorBody.Of(error), OciJson.Wire.ErrorBody));
        var errors = Assert.Single(document.RootElement.EnumerateObject());
        Assert.Equal("errors", errors.Name);
        var members = Assert.Single(errors.Value.EnumerateArray()).EnumerateObject();
        (string, string?)[] expected = [("code", OnTheWire(error.Code)), ("message", error.Message), ("detail", error.Detail)];
        Assert.Equal(expected.Where(member => member.Item2 is not null), members.Select(member => (member.Name, member.Value.GetString())));
    }

    [Fact]
    public void What_a_stranger_sent_comes_back_short_and_harmless()
    {
        var factories = Factories
            .Where(factory => factory.GetParameters() is [{ ParameterType: var type }] && type == typeof(string))
            .ToArray();
        Assert.True(factories.Length > 5);

        Gen.OneOf(HostileText.Any, HostileText.Any.Select(text => string.Concat(Enumerable.Repeat(text, 200)))).Sample(
            text => Assert.All(factories, factory =>
            {
                var shown = Make(factory.Name, text).Detail!;
                Assert.True(shown.Length <= 200, shown);
                Assert.DoesNotContain(shown, character => character is < ' ' or > '~' or '<' or '>' or '&' or '"' or '\'' or '\\' or '`');
            }),
            iter: 1_000);
    }

    [Fact]
    public void An_exception_says_what_its_error_says()
    {
        Assert.Equal("invalid tag: a b", new OciException(OciError.TagInvalid("a b")).Message);
        Assert.Equal("unknown error", new OciException(OciError.Internal()).Message);
    }

    [GeneratedRegex(@"^[A-Z_]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Code { get; }

    [GeneratedRegex(@"(^|\s|')/[a-z]|[A-Za-z]:\\|Berth\.|System\.|Exception", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PathOrType { get; }

    private static string OnTheWire(OciErrorCode code)
    {
        var body = new ErrorBody([new ErrorBody.Entry(code, "", null)]);
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(body, OciJson.Wire.ErrorBody));
        return document.RootElement.GetProperty("errors")[0].GetProperty("code").GetString()!;
    }

    private static OciError Make(string factory, string text)
    {
        var method = Factories.Single(method => method.Name == factory);
        return (OciError)method.Invoke(null, [.. method.GetParameters().Select(parameter => Argument(parameter, text))])!;
    }

    private static object Argument(ParameterInfo parameter, string text) => parameter switch
    {
        { Name: "status" } => 400,
        { ParameterType: var type } when type == typeof(string) => text,
        { ParameterType: var type } when type == typeof(int) => 5,
        { ParameterType: var type } when type == typeof(long) => 5L,
        { ParameterType: var type } when type == typeof(Digest) => Digest.Of([], DigestAlgorithm.Sha512),
        { ParameterType: var type } when type == typeof(Descriptor) =>
            new Descriptor { Digest = Digest.Of([], DigestAlgorithm.Sha512), Size = 5 },
        { ParameterType: var type } when type == typeof(Tag) => Tag.Parse("latest"),
        { ParameterType: var type } when type == typeof(Reference) => Reference.Parse("latest"),
        { ParameterType: var type } when type == typeof(RepositoryName) => RepositoryName.Parse("library/ubuntu"),
        _ => throw new ArgumentException($"no example of a {parameter.ParameterType.Name}"),
    };
}
