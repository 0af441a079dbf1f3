using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Berth.Storage.Gcs.Tests;

public sealed class GcsOptionsTests
{
    private static readonly GcsOptions Good = new() { Bucket = "b" };
    private static readonly string Key = NewKey();

    public static TheoryData<string, GcsOptions> Mistakes => new()
    {
        { "bucket", Good with { Bucket = "" } },
        { "bucket", Good with { Bucket = "a/b" } },
        { "chunksize", Good with { ChunkSize = 0 } },
        { "chunksize", Good with { ChunkSize = (256 * 1024) + 1 } },
        { "chunksize", Good with { ChunkSize = int.MaxValue - 255 } },
        { "maxconcurrency", Good with { MaxConcurrency = 0 } },
        { "useragent", Good with { UserAgent = "a\nb" } },
        { "emulatorhost", Good with { EmulatorHost = "http://host/path" } },
        { "emulatorhost", Good with { EmulatorHost = "ftp://host" } },
        { "keyfile", Good with { KeyFile = "" } },
        { "credentials", Good with { KeyFile = "/key.json", Credentials = Account() } },
        { "credentials.type", Good with { Credentials = Account(("type", "external_account")) } },
        { "credentials.client_email", Good with { Credentials = Account(("client_email", "")) } },
        { "credentials.private_key", Good with { Credentials = Account(("private_key", "hunter2")) } },
        { "credentials.universe_domain", Good with { Credentials = Account(("universe_domain", "example.com")) } },
        { "credentials.token_uri", Good with { Credentials = Account(("token_uri", "http://example.com/token")) } },
    };

    public static TheoryData<GcsOptions> Rights =>
    [
        Good,
        Good with { ChunkSize = 256 * 1024, MaxConcurrency = 1, UserAgent = "berth" },
        Good with { KeyFile = "/key.json" },
        Good with { Credentials = Account(("token_uri", "https://oauth2.googleapis.com/token"), ("universe_domain", "googleapis.com")) },
        Good with { EmulatorHost = "localhost:4443" },
        Good with { EmulatorHost = "http://localhost:4443" },
    ];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_by_its_key(string key, GcsOptions options)
    {
        var mistakes = options.FindMistakes().ToList();

        Assert.Equal([key], mistakes.Select(mistake => mistake.Key));
        Assert.All(mistakes, mistake => Assert.DoesNotContain("hunter2", mistake.Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public void What_is_right_is_accepted(GcsOptions options) => Assert.Empty(options.FindMistakes());

    [Fact]
    public void The_address_is_that_of_the_service_unless_there_is_an_emulator()
    {
        Assert.Equal(new Uri("https://storage.googleapis.com"), Good.Address);
        Assert.Equal(new Uri("http://localhost:4443"), (Good with { EmulatorHost = "localhost:4443" }).Address);
        Assert.Equal(new Uri("https://host"), (Good with { EmulatorHost = "https://host/" }).Address);
    }

    [Fact]
    public void A_secret_is_not_shown() => Assert.DoesNotContain("PRIVATE", (Good with { Credentials = Account() }).ToString(), StringComparison.Ordinal);

    private static string Account(params (string Key, string Value)[] fields)
    {
        var json = new JsonObject { ["type"] = "service_account", ["client_email"] = "a@b", ["private_key"] = Key };
        foreach (var (key, value) in fields)
        {
            json[key] = value;
        }

        return json.ToJsonString();
    }

    private static string NewKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
