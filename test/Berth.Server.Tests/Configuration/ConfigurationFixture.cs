using Berth.Server.Configuration;
using Berth.Storage.Azure;
using Berth.Storage.Gcs;
using Berth.Storage.S3;

namespace Berth.Server.Tests.Configuration;

/// <summary>A folder with one configuration file, as an operator has it.</summary>
public sealed class ConfigurationFixture : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-configuration-");

    public string FilePath => Path.Combine(_folder.FullName, "config.yml");

    public string FolderPath => _folder.FullName;

    public LoadedConfiguration LoadFile(string yaml, params (string Name, string Value)[] variables)
    {
        File.WriteAllText(FilePath, yaml);
        return ConfigurationLoader.Load(FilePath, Variables(variables));
    }

    public IReadOnlyList<ConfigurationProblem> MistakesIn(string yaml, params (string Name, string Value)[] variables) =>
        Assert.Throws<ConfigurationException>(() => LoadFile(yaml, variables)).Problems;

    /// <summary>The only mistake, as the operator reads it, without the path of the folder.</summary>
    public string MistakeIn(string yaml, params (string Name, string Value)[] variables) =>
        Assert.Single(MistakesIn(yaml, variables)).ToString().Replace(FilePath, "config.yml", StringComparison.Ordinal);

    public static LoadedConfiguration LoadVariables(params (string Name, string Value)[] variables) =>
        ConfigurationLoader.Load(null, Variables(variables));

    public static IReadOnlyDictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);

    /// <summary>All of a configuration, the secret and the items of lists too.</summary>
    public static string Describe(BerthConfiguration configuration)
    {
        var scalars = configuration with
        {
            Http = configuration.Http with { TrustedProxies = [] },
            Validation = configuration.Validation with { IndexPlatformList = [] },
            StorageMiddleware = [], // a list shows its type
        };
        IEnumerable<object> lists = [.. configuration.Http.TrustedProxies, .. configuration.Validation.IndexPlatformList];
        var bucket = configuration.Storage.S3 is { } s3 ? typeof(S3Options).GetProperties().Select(property => property.GetValue(s3)) : [];
        var container = configuration.Storage.Azure is { } azure ? typeof(AzureOptions).GetProperties().Select(property => property.GetValue(azure)) : [];
        var gcs = configuration.Storage.Gcs is { } google ? typeof(GcsOptions).GetProperties().Select(property => property.GetValue(google)) : [];
        return $"{scalars} {configuration.Http.Secret?.Reveal()} {string.Join(' ', lists)} {string.Join(' ', bucket.Concat(container).Concat(gcs))} {configuration.Metadata.Postgres?.ConnectionString}";
    }

    public static string Defaults { get; } = Describe(new BerthConfiguration());

    public void Dispose()
    {
        File.Delete(FilePath);
        _folder.Delete();
    }
}
