namespace Berth.Architecture.Tests;

/// <summary>The analyzer ignores a documentation id that it cannot resolve, so a misspelt ban bans nothing.</summary>
public sealed class BannedSymbolTests
{
    private static readonly string List = Path.Combine(SourceTree.Root, "eng", "BannedSymbols.txt");

    [Fact]
    public async Task Every_ban_names_something_that_exists_and_what_to_use_instead()
    {
        var lines = await File.ReadAllLinesAsync(List, TestContext.Current.CancellationToken);

        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var separator = line.IndexOf(';', StringComparison.Ordinal);
            Assert.True(separator > 0 && separator < line.Length - 1, line);
            Assert.True(DocumentationId.Resolves(line[..separator]), line);
        });
    }

    [Theory]
    [InlineData("P:System.DateTime.Now", true)]
    [InlineData("P:System.DateTime.Nov", false)]
    [InlineData("M:System.Guid.NewGuid", true)]
    [InlineData("M:System.Guid.NewGuid()", false)]
    [InlineData("M:System.Threading.Tasks.Task.Run(System.Func{System.Threading.Tasks.Task})", true)]
    [InlineData("M:System.Threading.Tasks.Task.Run(System.Func<System.Threading.Tasks.Task>)", false)]
    [InlineData("M:System.Text.Json.JsonSerializer.Serialize``1(``0,System.Text.Json.JsonSerializerOptions)", true)]
    [InlineData("M:System.Text.Json.JsonSerializer.Serialize`1(`0,System.Text.Json.JsonSerializerOptions)", false)]
    [InlineData("M:System.Text.RegularExpressions.Regex.#ctor(System.String)", true)]
    [InlineData("M:System.Text.RegularExpressions.Regex.ctor(System.String)", false)]
    [InlineData("T:System.Console", true)]
    [InlineData("T:System.Konsole", false)]
    public void An_id_resolves_only_if_it_is_spelt_right(string id, bool resolves) => Assert.Equal(resolves, DocumentationId.Resolves(id));
}
