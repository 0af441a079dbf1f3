namespace Berth.Architecture.Tests;

public sealed class SourceFileTests
{
    private const int MostLines = 400;

    private static readonly string[] Unwanted = ["TODO", "FIXME", "#region", "#pragma warning disable"];

    /// <summary>Files that may hold one of those, each with its reason.</summary>
    private static readonly Dictionary<string, string> Exempt = new(StringComparer.Ordinal)
    {
        ["test/Berth.Architecture.Tests/SourceFileTests.cs"] = "says what is unwanted",
    };

    [Fact]
    public async Task No_source_file_is_long()
    {
        var lengths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in SourceTree.Sources)
        {
            lengths[SourceTree.Name(path)] = (await LinesAsync(path)).Length;
        }

        Assert.Contains(lengths, file => file.Value > 0);
        Assert.Empty(
            from file in lengths
            where file.Value > MostLines
            select $"{file.Key} has {file.Value} lines");
    }

    [Fact]
    public async Task Nothing_is_put_off_folded_away_or_silenced()
    {
        var found = new List<string>();
        foreach (var path in SourceTree.Sources)
        {
            found.AddRange(
                from line in await LinesAsync(path)
                where Unwanted.Any(word => line.Contains(word, StringComparison.Ordinal))
                select $"{SourceTree.Name(path)}: {line.Trim()}");
        }

        Assert.All(Exempt.Keys, file => Assert.Contains(found, line => line.StartsWith($"{file}:", StringComparison.Ordinal)));
        Assert.Empty(
            from line in found
            where !Exempt.Keys.Any(file => line.StartsWith($"{file}:", StringComparison.Ordinal))
            select line);
    }

    private static Task<string[]> LinesAsync(string path) => File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
}
