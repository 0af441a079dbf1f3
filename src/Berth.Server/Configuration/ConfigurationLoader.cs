namespace Berth.Server.Configuration;

/// <summary>Makes the configuration: defaults, under the YAML file, under <c>REGISTRY_…</c> variables.</summary>
public static class ConfigurationLoader
{
    /// <param name="path">The file; null takes <c>REGISTRY_CONFIGURATION_PATH</c>, and no file when that is not set.</param>
    /// <param name="environment">The variables of the process.</param>
    /// <exception cref="ConfigurationException">Lists everything that is wrong.</exception>
    public static LoadedConfiguration Load(string? path, IReadOnlyDictionary<string, string> environment)
    {
        var report = new ConfigurationReport();
        var file = path ?? environment.GetValueOrDefault(EnvironmentOverrides.PathVariable);
        var root = path is null && string.IsNullOrEmpty(file) ? Empty("") : ReadFile(file!, report);

        ShortForms.Expand(root);
        EnvironmentOverrides.Apply(root, environment, report);
        new KeyCheck(report).Check(root);
        var configuration = BerthConfiguration.Read(new SettingReader(root, report));
        report.ThrowIfAnyError();
        return new(configuration, report.Warnings);
    }

    private static YamlValue ReadFile(string path, ConfigurationReport report)
    {
        var value = YamlReader.ReadFile(ConfigurationFile.Read(path), path, report);
        if (value is { Map: null, IsNull: false })
        {
            report.Error("", value.Origin, "holds no map of keys");
        }

        if (value?.Map is null)
        {
            report.ThrowIfAnyError(); // without the file, nothing that follows would be true
        }

        return value is { Map: not null } ? value : Empty(path);
    }

    private static YamlValue Empty(string source) => YamlValue.OfMap([], new Origin(source));
}
