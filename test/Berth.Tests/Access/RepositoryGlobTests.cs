using Berth.Access;
using CsCheck;

namespace Berth.Tests.Access;

public sealed class RepositoryGlobTests
{
    [Theory]
    [InlineData("**", "app", true)]
    [InlineData("**", "team/app/deep", true)]
    [InlineData("*", "app", true)]
    [InlineData("*", "team/app", false)]
    [InlineData("team/app", "team/app", true)]
    [InlineData("team/app", "team/app2", false)]
    [InlineData("team/app", "team/ap", false)]
    [InlineData("team/*", "team/app", true)]
    [InlineData("team/*", "team", false)]
    [InlineData("team/*", "team/app/deep", false)]
    [InlineData("team/*", "teams/app", false)]
    [InlineData("team/**", "team/app/deep", true)]
    [InlineData("team/**", "team", false)]
    [InlineData("team**", "team", true)]
    [InlineData("team**", "teams/app", true)]
    [InlineData("**/app", "team/deep/app", true)]
    [InlineData("**/app", "app", false)]
    [InlineData("*/app", "team/app", true)]
    [InlineData("*/app", "team/deep/app", false)]
    [InlineData("team-*/app-*", "team-a/app-1", true)]
    [InlineData("team-*/app-*", "team-a/b/app-1", false)]
    [InlineData("*a*b", "aab", true)]
    [InlineData("*a*b", "aabc", false)]
    [InlineData("a**b*c", "ax/yb1c", true)]
    [InlineData("a**b*c", "ax/yb1/c", false)]
    [InlineData("***a", "a", null)]
    [InlineData("", "a", null)]
    [InlineData("Team/*", "a", null)]
    [InlineData("team/?", "a", null)]
    [InlineData("team/[ab]", "a", null)]
    [InlineData("team\\*", "a", null)]
    public void A_star_stays_within_a_component_and_two_do_not(string pattern, string name, bool? matches)
    {
        Assert.Equal(matches is not null, RepositoryGlob.TryParse(pattern, out var glob));
        Assert.Equal(matches, glob?.Matches(RepositoryName.Parse(name)));
    }

    [Fact]
    public void It_agrees_with_a_definition_that_tries_every_way() =>
        Gen.Select(Gen.String[Gen.Char["ab/*"], 1, 8], Gen.String[Gen.Char["ab/"], 1, 10]).Sample(
            (pattern, text) =>
            {
                if (RepositoryGlob.TryParse(pattern, out var glob) && RepositoryName.TryParse(text, out var name))
                {
                    Assert.True(IsMatch(pattern, text) == glob!.Matches(name), $"{pattern} {text}");
                }
            },
            iter: 20_000);

    [Fact]
    public void SEC_41_a_hostile_pattern_takes_time_in_proportion_to_its_length_and_that_of_the_name()
    {
        var name = RepositoryName.Parse(new string('a', RepositoryName.MaxLength));
        foreach (var part in new[] { "*a", "**a", "a*", "a**", "*a**a" })
        {
            var pattern = string.Concat(Enumerable.Repeat(part, RepositoryName.MaxLength / part.Length))[..^1] + "b";
            Assert.True(RepositoryGlob.TryParse(pattern, out var glob), pattern);
            Assert.False(glob!.Matches(name)); // by trying every way, this would not end
        }
    }

    [Fact]
    public void A_pattern_is_no_longer_than_a_name()
    {
        Assert.True(RepositoryGlob.TryParse(new string('a', RepositoryName.MaxLength), out _));
        Assert.False(RepositoryGlob.TryParse(new string('a', RepositoryName.MaxLength + 1), out _));
    }

    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text) => pattern switch
    {
        [] => text.IsEmpty,
        ['*', '*', .. var rest] => IsMatch(rest, text) || (text.Length > 0 && IsMatch(pattern, text[1..])),
        ['*', .. var rest] => IsMatch(rest, text) || (text is not ([] or ['/', ..]) && IsMatch(pattern, text[1..])),
        [var first, .. var rest] => text.Length > 0 && text[0] == first && IsMatch(rest, text[1..]),
    };
}
