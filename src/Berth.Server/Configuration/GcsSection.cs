using System.Text.Json.Nodes;
using Berth.Storage.Gcs;

namespace Berth.Server.Configuration;

/// <summary>The section <c>storage.gcs</c>.</summary>
internal static class GcsSection
{
    private const string Section = "storage.gcs";
    private const int Smallest = 1;

    /// <summary>The fields of the JSON file that an operator gets for a service account.</summary>
    private static readonly string[] CredentialFields =
    [
        "type", "project_id", "private_key_id", "private_key", "client_email", "client_id", "auth_uri", "token_uri",
        "auth_provider_x509_cert_url", "client_x509_cert_url", "universe_domain",
    ];

    /// <summary>Null when the objects are not in Google Cloud Storage.</summary>
    public static GcsOptions? Read(SettingReader settings)
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

    private static GcsOptions ReadOptions(SettingReader settings)
    {
        var defaults = new GcsOptions();
        return new()
        {
            Bucket = settings.Text($"{Section}.bucket") ?? defaults.Bucket,
            KeyFile = settings.Text($"{Section}.keyfile"),
            Credentials = ReadCredentials(settings),
            RootDirectory = settings.Text($"{Section}.rootdirectory") ?? defaults.RootDirectory,
            ChunkSize = settings.Number($"{Section}.chunksize", defaults.ChunkSize, Smallest),
            MaxConcurrency = settings.Number($"{Section}.maxconcurrency", defaults.MaxConcurrency, Smallest),
            UserAgent = settings.Text($"{Section}.useragent"),
            EmulatorHost = Environment.GetEnvironmentVariable("STORAGE_EMULATOR_HOST"),
        };
    }

    /// <summary>The map as the JSON that it is taken from; null when there is none.</summary>
    private static string? ReadCredentials(SettingReader settings)
    {
        var json = new JsonObject();
        foreach (var field in CredentialFields)
        {
            if (settings.Text($"{Section}.credentials.{field}") is { } text)
            {
                json[field] = text;
            }
        }

        return json.Count > 0 ? json.ToJsonString() : null;
    }
}
