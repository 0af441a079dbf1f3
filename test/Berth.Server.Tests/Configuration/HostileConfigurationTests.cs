using Berth.Server.Configuration;
using CsCheck;

namespace Berth.Server.Tests.Configuration;

public sealed class HostileConfigurationTests : IDisposable
{
    private const string Secret = "hunter2";

    private const string Valid = """
        version: 0.1
        log: {level: info}
        http:
          addr: localhost:5000
          secret: hunter2
          host: https://registry.example.com
          trustedproxies: [10.0.0.0/8]
        storage:
          filesystem:
            rootdirectory: /srv
          maintenance:
            uploadpurging: {age: 168h, interval: 24h}
        notifications:
          endpoints:
            - {name: a, url: "http://localhost:1", timeout: 500ms}
        """;

    private static readonly Gen<string> Noise =
        Gen.String[Gen.Frequency((10, Gen.Char[" \n\t:-?[]{},&*#!|>'\"%@`\\~<=.0aAéx"]), (1, Gen.Char)), 0, 60];

    /// <summary>Words that mean something, so that random text gets past the parser.</summary>
    private static readonly Gen<string> Word = Gen.OneOf<string>(
        [
            .. ConfigurationKeys.All.SelectMany(key => key.Pattern.Split('.')).Distinct(StringComparer.Ordinal),
            "true", "0.1", ":5000", "168h", "null", "-1", "99999999999999999999", "<<", "*a", "&a", "!!str", "''", "[]", "{}", "",
        ]);

    private static readonly Gen<string> Document = Gen.Select(Word, Gen.Int[0, 4], Gen.OneOf(":", ": ", "", ":\n", " - "), Word)
        .Array[0, 12]
        .Select(lines => string.Join('\n', lines.Select(line => new string(' ', line.Item2 * 2) + line.Item1 + line.Item3 + line.Item4)));

    private static readonly Gen<string> Mutant = Gen.Select(Gen.Int[0, Valid.Length], Gen.Int[0, 20], Noise)
        .Select((start, length, noise) => Valid[..start] + noise + Valid[Math.Min(start + length, Valid.Length)..]);

    private static readonly Gen<(string Name, string Value)> Variable = Gen.Select(
        Gen.OneOf(
            Gen.OneOf(ConfigurationKeys.All.Select(key => key.Variable).ToArray()),
            Word.Array[0, 5].Select(words => $"REGISTRY_{string.Join('_', words).ToUpperInvariant()}"),
            Noise.Select(noise => $"REGISTRY_{noise}")),
        Gen.OneOf(Word, Noise, Document));

    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Whatever_the_file_and_the_variables_the_answer_is_a_configuration_or_its_mistakes() =>
        Gen.Select(Gen.OneOf(Noise, Document, Mutant), Variable.Array[0, 4]).Sample(
            (yaml, variables) =>
            {
                // One line per problem, printable: it goes to a terminal and a log.
                Assert.All(Problems(yaml, variables), problem => Assert.DoesNotContain(problem.ToString(), char.IsControl));
            },
            iter: 2_000,
            threads: 1);

    [Fact]
    public void A_secret_of_a_variable_never_shows_whatever_surrounds_it() =>
        Gen.Select(Noise, Noise, Mutant).Sample(
            (before, after, yaml) =>
            {
                var problems = Problems(yaml.Replace(Secret, "", StringComparison.Ordinal), ("REGISTRY_HTTP_SECRET", before + Secret + after));
                Assert.All(problems, problem => Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal));
            },
            iter: 1_000,
            threads: 1);

    [Theory]
    [InlineData("http: {secret: {hunter2: hunter2}}")]
    [InlineData("http: {secret: [hunter2]}")]
    [InlineData("http: {secret: hunter2, secret: hunter2}")]
    [InlineData("http: {secret: !!binary hunter2}")]
    [InlineData("http: {secret: *hunter2}")]
    [InlineData("http: {secret: \"hunter2}")]
    [InlineData("http: secret=hunter2")]
    [InlineData("http: {secret: hunter2, addr: wrong}")]
    [InlineData("redis: {password: {hunter2: hunter2}}\nwrong: 1")]
    [InlineData("proxy: hunter2")]
    public void A_secret_does_not_show_in_a_mistake(string yaml)
    {
        Assert.All(_fixture.MistakesIn(yaml), mistake => Assert.DoesNotContain(Secret, mistake.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("REGISTRY_HTTP_SECRET", "hunter2: hunter2")]
    [InlineData("REGISTRY_HTTP_SECRET", "[hunter2]")]
    [InlineData("REGISTRY_HTTP", "{secret: hunter2")]
    [InlineData("REGISTRY_HTTP", "secret=hunter2")]
    [InlineData("REGISTRY_REDIS", "password=hunter2")]
    public void A_secret_does_not_show_in_a_mistake_of_a_variable(string name, string value)
    {
        Assert.All(_fixture.MistakesIn("", (name, value)), mistake => Assert.DoesNotContain(Secret, mistake.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_configuration_printed_hides_its_secret()
    {
        var configuration = ConfigurationFixture.LoadVariables(("REGISTRY_HTTP_SECRET", Secret)).Configuration;

        Assert.Contains("***", configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, configuration.ToString(), StringComparison.Ordinal);
    }

    private IReadOnlyList<ConfigurationProblem> Problems(string yaml, params (string Name, string Value)[] variables)
    {
        try
        {
            return _fixture.LoadFile(yaml, [.. variables.DistinctBy(variable => variable.Name)]).Warnings;
        }
        catch (ConfigurationException exception)
        {
            return exception.Problems;
        }
    }
}
