using Berth.Storage.Azure;

namespace Berth.Server.Configuration;

/// <summary>The section <c>storage.azure</c>.</summary>
internal static class AzureSection
{
    private const string Section = "storage.azure";

    private static readonly TimeSpan MostDelay = TimeSpan.FromMinutes(1);

    /// <summary>Null when the objects are not in Azure.</summary>
    public static AzureOptions? Read(SettingReader settings)
    {
        if (!settings.IsNamed(Section))
        {
            return null;
        }

        var options = ReadOptions(settings);
        foreach (var (key, text) in options.FindMistakes())
        {
            settings.Error($"{Section}.{key}", text);
        }

        return options;
    }

    private static AzureOptions ReadOptions(SettingReader settings)
    {
        var defaults = new AzureOptions();
        return new()
        {
            AccountName = settings.Text($"{Section}.accountname") ?? defaults.AccountName,
            AccountKey = settings.Text($"{Section}.accountkey"),
            Container = settings.Text($"{Section}.container") ?? defaults.Container,
            CredentialsType = settings.Text($"{Section}.credentials.type") ?? defaults.CredentialsType,
            ClientId = settings.Text($"{Section}.credentials.clientid"),
            TenantId = settings.Text($"{Section}.credentials.tenantid"),
            Secret = settings.Text($"{Section}.credentials.secret"),
            Realm = settings.Text($"{Section}.realm") ?? defaults.Realm,
            ServiceUrl = settings.Text($"{Section}.serviceurl"),
            RootDirectory = settings.Text($"{Section}.rootdirectory") ?? defaults.RootDirectory,
            MaxRetries = settings.Number($"{Section}.max_retries", defaults.MaxRetries, min: 0),
            RetryDelay = settings.Duration($"{Section}.retry_delay", defaults.RetryDelay, TimeSpan.Zero, MostDelay),
            SkipVerify = settings.Flag($"{Section}.skipverify") ?? defaults.SkipVerify,
        };
    }
}
