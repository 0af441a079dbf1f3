using System.Globalization;
using System.Text;
using Berth.Server.Configuration;
using Berth.Uploads;

namespace Berth.Server.Tests.Configuration;

public sealed class YamlReaderTests : IDisposable
{
    private readonly ConfigurationFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    public static TheoryData<string, string> NotUsable => new()
    {
        { "http: [", "not usable YAML" },
        { "http:\n\taddr: x", "not usable YAML" },
        { "http:\n  addr: x\n\tsecret: y", "not usable YAML" },
        { "http: {addr: :1", "not usable YAML" },
        { "a: b: c", "not usable YAML" },
        { "--- {}\n--- {}", "more than one document" },
        { "? [a]\n: b", "A key must be a word" },
        { "a: *nobody", "no anchor" },
        { "a: &loop [*loop]", "no anchor" },
        { "http: {secret: !!binary aGVsbG8=}", "Tags such as" },
        { "http: !map {}", "Tags such as" },
        { "<<: 5", "merges maps only" },
        { "hello", "holds no map of keys" },
        { "- a\n- b", "holds no map of keys" },
        { Bomb(levels: 9), "more than 10000 values" },
        { new string('[', 100_000), "deeper than 32 levels" },
        { string.Concat(Enumerable.Repeat("{a: ", 100_000)), "deeper than 32 levels" },
        { DeepByAliases(), "deeper than 32 levels" },
        { $"a: [{new string(',', 20_000).Replace(",", "1,", StringComparison.Ordinal)}]", "more than 10000 values" },
    };

    [Theory]
    [MemberData(nameof(NotUsable))]
    public void What_is_no_configuration_is_one_clear_mistake(string yaml, string reason)
    {
        var mistake = _fixture.MistakeIn(yaml);

        Assert.Contains(reason, mistake, StringComparison.Ordinal);
        Assert.StartsWith("config.yml, line ", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_set_twice_is_named_with_both_lines() =>
        Assert.Equal(
            "http.addr (config.yml, line 4): is set twice; first in config.yml, line 2",
            _fixture.MistakeIn("http:\n  addr: :1\n  net: tcp\n  addr: :2\n").Replace(_fixture.FilePath, "config.yml", StringComparison.Ordinal));

    [Fact]
    public void Anchors_and_merges_work_within_their_bounds()
    {
        var options = _fixture.LoadFile("""
            storage:
              maintenance:
                readonly: &switch {enabled: true}
                uploadpurging:
                  <<: [*switch, {age: 1h, enabled: false}]
                  age: 2h
            """).Configuration.Storage;

        Assert.True(options.IsReadOnly);
        Assert.Equal(new UploadPurging { IsEnabled = true, Age = TimeSpan.FromHours(2) }, options.UploadPurging);
    }

    [Fact]
    public void Text_may_say_that_it_is_text() =>
        Assert.Equal("true", _fixture.LoadFile("http: {secret: !!str true}").Configuration.Http.Secret?.Reveal());

    [Fact]
    public void A_file_that_is_too_big_is_not_read() =>
        Assert.Equal(
            "config.yml: is larger than 1 MiB, which no configuration is", _fixture.MistakeIn(new string('#', ConfigurationFile.MaxSize + 1)));

    [Fact]
    public void The_biggest_file_is_read() => Assert.Empty(_fixture.LoadFile(new string('#', ConfigurationFile.MaxSize)).Warnings);

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xff, 0xfe })]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'a', 0 })]
    public void A_file_in_another_encoding_is_refused(byte[] content)
    {
        File.WriteAllBytes(_fixture.FilePath, content);
        Assert.Contains("is not UTF-8 text", LoadFails(_fixture.FilePath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is a folder")]
    [InlineData("nothing.yml", "does not exist")]
    [InlineData("no/folder/config.yml", "does not exist")]
    [InlineData("config.yml/config.yml", "")]
    [InlineData("a\0b", "cannot be read")]
    public void A_path_that_is_no_file_says_what_it_is(string name, string reason)
    {
        File.WriteAllText(_fixture.FilePath, "");
        Assert.Contains(reason, LoadFails(Path.Join(_fixture.FolderPath, name)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_path_is_a_mistake_and_not_the_defaults() => Assert.Contains("cannot be read", LoadFails(""), StringComparison.Ordinal);

    private static string LoadFails(string path) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(path, ConfigurationFixture.Variables())).Message;

    private static string Bomb(int levels)
    {
        var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var level = 1; level <= levels; level++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        return yaml.ToString();
    }

    private static string DeepByAliases()
    {
        var yaml = new StringBuilder("a0: &a0 [x]\n");
        for (var level = 1; level <= 40; level++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"a{level}: &a{level} [*a{level - 1}]\n");
        }

        return yaml.ToString();
    }
}
