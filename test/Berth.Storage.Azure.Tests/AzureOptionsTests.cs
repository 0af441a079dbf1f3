namespace Berth.Storage.Azure.Tests;

public sealed class AzureOptionsTests
{
    private static readonly AzureOptions Good = new() { AccountName = "a", Container = "c", CredentialsType = "shared_key", AccountKey = "c2VjcmV0" };
    private static readonly AzureOptions Application = Good with { CredentialsType = "client_secret", ClientId = "i", TenantId = "t", Secret = "hunter2" };

    public static TheoryData<string, AzureOptions> Mistakes => new()
    {
        { "accountname", Good with { AccountName = "" } },
        { "container", Good with { Container = "" } },
        { "accountkey", Good with { AccountKey = null } },
        { "accountkey", Good with { AccountKey = "not base64" } },
        { "credentials.type", Good with { CredentialsType = "" } },
        { "credentials.type", Good with { CredentialsType = "password" } },
        { "credentials.clientid", Application with { ClientId = null } },
        { "credentials.tenantid", Application with { TenantId = "" } },
        { "credentials.secret", Application with { Secret = null } },
        { "serviceurl", Good with { ServiceUrl = "ftp://host" } },
        { "serviceurl", Good with { ServiceUrl = "https://host?sig=x" } },
        { "serviceurl", Application with { ServiceUrl = "http://host/a" } },
        { "serviceurl", Good with { CredentialsType = "default_credentials", ServiceUrl = "http://host/a" } },
        { "realm", Good with { Realm = "a b" } },
        { "max_retries", Good with { MaxRetries = -1 } },
        { "retry_delay", Good with { RetryDelay = TimeSpan.FromSeconds(-1) } },
    };

    public static TheoryData<AzureOptions> Rights =>
    [
        Good,
        Application,
        Good with { CredentialsType = "default_credentials", AccountKey = null },
        Good with { ServiceUrl = "http://localhost:10000/a", MaxRetries = 0, RetryDelay = TimeSpan.Zero },
    ];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_by_its_key(string key, AzureOptions options) => Assert.Equal([key], options.FindMistakes().Select(mistake => mistake.Key));

    [Theory]
    [MemberData(nameof(Rights))]
    public void What_is_right_is_accepted(AzureOptions options) => Assert.Empty(options.FindMistakes());

    [Fact]
    public void The_address_is_that_of_the_account_unless_another_is_given()
    {
        Assert.Equal(new Uri("https://a.blob.core.windows.net"), Good.Address);
        Assert.Equal(new Uri("https://a.blob.core.usgovcloudapi.net"), (Good with { Realm = "core.usgovcloudapi.net" }).Address);
        Assert.Equal(new Uri("http://host/a"), (Good with { ServiceUrl = "http://host/a" }).Address);
    }

    [Fact]
    public void A_secret_is_not_shown() => Assert.DoesNotContain("hunter2", Application.ToString(), StringComparison.Ordinal);

    [Fact]
    public void The_same_place_is_one_container_and_one_folder_in_it()
    {
        Assert.True(Good.IsSamePlaceAs(Good with { RootDirectory = "/", AccountKey = null }));
        Assert.False(Good.IsSamePlaceAs(Good with { RootDirectory = "/other" }));
        Assert.False(Good.IsSamePlaceAs(Good with { Container = "other" }));
        Assert.False(Good.IsSamePlaceAs(Good with { AccountName = "other" }));
    }
}
