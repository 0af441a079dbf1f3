using System.Text.RegularExpressions;

namespace Berth.Architecture.Tests;

/// <summary>Prose goes stale in silence: what it names must exist.</summary>
public sealed partial class MarkdownTests
{
    /// <summary>Milliseconds that a pattern may take; the analyzers want a bound.</summary>
    private const int Timeout = 10_000;

    private static readonly HashSet<string> TypeNames = Runtime.TypeNames();

    private static readonly HashSet<string> Namespaces = [.. Product.Types.Select(type => type.Namespace!)];

    private static readonly string[] Projects =
        [.. Directory.EnumerateFiles(SourceTree.Root, "Berth*.csproj", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path))];

    [Fact]
    public async Task Every_path_in_backticks_exists() =>
        await CheckAsync(Quoted(), text => PathPattern().IsMatch(text), (text, document) =>
            Exists(text, SourceTree.Root) || Exists(text, Path.GetDirectoryName(document)!));

    [Fact]
    public async Task Every_source_file_in_backticks_that_is_named_by_its_folder_exists() =>
        await CheckAsync(Quoted(), text => FolderAndTypePattern().IsMatch(text), (text, _) => IsSource(text));

    [Fact]
    public async Task Every_link_to_a_file_leads_to_one() =>
        await CheckAsync(Link(), text => !text.Contains(':', StringComparison.Ordinal) && !text.StartsWith('#'), (text, document) =>
            Exists(text.Split('#')[0], Path.GetDirectoryName(document)!));

    [Fact]
    public async Task Every_type_in_backticks_exists() =>
        await CheckAsync(Quoted(), text => TypePattern().IsMatch(text), (text, _) => IsNamed(text));

    [Theory]
    [InlineData("BlobKey", true)]
    [InlineData("BlobKeys", false)]
    [InlineData("IBlobStore.CommitAsync", true)]
    [InlineData("IBlobStore.CommitsAsync", false)]
    [InlineData("TimeProvider", true)]
    [InlineData("Berth.Storage", true)]
    [InlineData("Berth.Storages", false)]
    [InlineData("Berth.Storage.BlobKey", true)]
    [InlineData("Berth.Architecture.Tests", true)]
    public void A_name_is_known_only_if_it_is_spelt_right(string text, bool known)
    {
        Assert.Matches(TypePattern(), text);
        Assert.Equal(known, IsNamed(text));
    }

    private static async Task CheckAsync(Regex pattern, Func<string, bool> concerns, Func<string, string, bool> holds)
    {
        var claims = new List<(string Text, string Document)>();
        foreach (var document in SourceTree.Documents)
        {
            var prose = Fence().Replace(await File.ReadAllTextAsync(document, TestContext.Current.CancellationToken), "");
            claims.AddRange(pattern.Matches(prose).Select(match => match.Groups["text"].Value).Where(concerns).Select(text => (text, document)));
        }

        Assert.NotEmpty(claims);
        Assert.Empty(
            from claim in claims
            where !holds(claim.Text, claim.Document)
            select $"{SourceTree.Name(claim.Document)}: {claim.Text}");
    }

    private static bool Exists(string path, string folder) => Path.Exists(Path.Combine(folder, path));

    private static bool IsSource(string text) => SourceTree.Sources.Any(path =>
        path.EndsWith($"/{text}.cs", StringComparison.Ordinal) || path.Contains($"/{text}/", StringComparison.Ordinal));

    /// <summary>A namespace, a project, a type, or a type with one of its members.</summary>
    private static bool IsNamed(string text)
    {
        if (Namespaces.Contains(text) || Projects.Contains(text, StringComparer.Ordinal))
        {
            return true;
        }

        var names = text.Split('.');
        var isMember = names.Length > 1 && Product.Types.Any(type => type.Name == names[^2] && type.GetMember(names[^1]).Length > 0);
        return isMember || (TypeNames.Contains(names[^1]) && (names.Length == 1 || Namespaces.Contains(string.Join('.', names[..^1]))));
    }

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, Timeout)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\]\((?<text>[^)\s]+)\)", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex Link();

    /// <summary>A folder of the repository and what is in it, or a file that ends as source files do. Placeholders and globs are not paths.</summary>
    [GeneratedRegex(@"^(?!.*[*<>{}$ ])(\.?/?(src|test|docs|eng|bench|fuzz|deploy|\.ci)/.*|[\w./-]+\.(md|cs|csproj|props|slnx|sh|txt|json))$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex PathPattern();

    /// <summary>A type behind its folders, as in Storage/BlobKey.</summary>
    [GeneratedRegex(@"^([A-Z]\w+/)+[A-Z]\w+$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex FolderAndTypePattern();

    /// <summary>Several words in one, as in BlobKey, perhaps behind a namespace or with a member; HTTP's headers are single words or have hyphens.</summary>
    [GeneratedRegex(@"^(Berth(\.[A-Z]\w+)+|([A-Z]\w+\.)*I?[A-Z][a-z0-9]+[A-Z]\w*(\.[A-Z]\w+)?)$", RegexOptions.ExplicitCapture, Timeout)]
    private static partial Regex TypePattern();
}
