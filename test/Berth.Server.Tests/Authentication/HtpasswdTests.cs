using System.Text.RegularExpressions;
using Berth.Server.Authentication;
using Berth.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Berth.Server.Tests.Authentication;

public sealed partial class HtpasswdTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<string> _hashesComputed = [];

    private string Path => _folder["htpasswd"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SEC_08_a_hash_of_the_same_cost_is_computed_for_a_user_who_does_not_exist()
    {
        using var authenticator = Open("cheap:" + Hash("p", 4), "dear:" + Hash("p", 5), "other:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=");

        foreach (var user in new[] { "cheap", "dear", "other", "nobody" })
        {
            Assert.Null(await LoginAsync(authenticator, user, "wrong"));
        }

        Assert.Equal(4, _hashesComputed.Count);
        Assert.All(_hashesComputed, hash => Assert.Matches(@"^\$2[ab]\$0[45]\$", hash));

        // A name always costs the same, and some cost the one, some the other: as the names that exist do.
        var costs = new HashSet<string>(StringComparer.Ordinal);
        for (var number = 0; number < 64; number++)
        {
            await LoginAsync(authenticator, $"nobody{number}", "one");
            await LoginAsync(authenticator, $"nobody{number}", "two");
            Assert.Equal(_hashesComputed[^1], _hashesComputed[^2]);
            costs.Add(_hashesComputed[^1][..7]);
        }

        Assert.Equal(2, costs.Count);
    }

    [Fact]
    public async Task A_right_password_is_not_hashed_again_for_five_minutes_and_a_wrong_one_always_is()
    {
        using var authenticator = Open("alice:" + Hash("right", 4));

        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "right"));
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "right"));
        Assert.Single(_hashesComputed);
        Assert.Null(await LoginAsync(authenticator, "alice", "wrong"));
        Assert.Null(await LoginAsync(authenticator, "alice", "wrong"));
        Assert.Equal(3, _hashesComputed.Count);
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "right"));
        Assert.Equal(3, _hashesComputed.Count);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "right"));
        Assert.Equal(4, _hashesComputed.Count);
    }

    [Fact]
    public async Task A_file_that_changed_or_was_replaced_is_read_again_and_what_was_remembered_is_forgotten()
    {
        using var authenticator = Open("alice:" + Hash("one", 4));
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "one"));

        await WriteAsync("alice:" + Hash("two", 4), "bob:" + Hash("bob", 4));
        Assert.Null(await LoginAsync(authenticator, "alice", "one"));
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "two"));
        Assert.Equal("bob", await LoginAsync(authenticator, "bob", "bob"));

        // As an editor, or Kubernetes, does it: another file takes the place, of the same length.
        await File.WriteAllTextAsync(_folder["next"], "eve:" + Hash("eve", 4), TestContext.Current.CancellationToken);
        File.Delete(Path);
        File.CreateSymbolicLink(Path, _folder["next"]);
        Assert.Null(await LoginAsync(authenticator, "alice", "two"));
        Assert.Equal("eve", await LoginAsync(authenticator, "eve", "eve"));
    }

    [Fact]
    public async Task While_a_changed_file_is_broken_or_gone_the_users_of_before_can_log_in()
    {
        var log = new ListLogger<HtpasswdAuthenticator>();
        using var authenticator = Open(log, "alice:" + Hash("one", 4));

        await WriteAsync("bob:" + Hash("bob", 4), "secret-text-without-colon");
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "one"));
        Assert.Contains(Texts(log), message => message.Contains("invalid entry at line 2", StringComparison.Ordinal));
        File.Delete(Path);
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "one"));
        Assert.DoesNotContain(Texts(log), message => message.Contains("secret-text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData(":$2y$05$abc")]
    [InlineData("alice:")]
    public void A_line_that_is_no_entry_stops_the_start_and_is_named_by_its_number_only(string line)
    {
        var refusal = Assert.Throws<HtpasswdException>(() => Open("# users", "", line));

        Assert.Contains("invalid entry at line 3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("auth.htpasswd.path", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=")]
    [InlineData("$apr1$3xW5d3pU$C1aFVxvfGqv0mvJKlqNDl.")]
    [InlineData("plain")]
    [InlineData("$2y$99$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("$2y$05$aaaa")]
    [InlineData("$2y$05$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!a")]
    public async Task A_user_whose_password_is_in_another_format_cannot_log_in_and_is_named_by_line(string hash)
    {
        var log = new ListLogger<HtpasswdAuthenticator>();
        using var authenticator = Open(log, "alice:" + Hash("one", 4), "bob:" + hash);

        Assert.Null(await LoginAsync(authenticator, "bob", "password"));
        Assert.Null(await LoginAsync(authenticator, "bob", hash));
        Assert.Equal("alice", await LoginAsync(authenticator, "alice", "one"));
        var warning = Assert.Single(Texts(log));
        Assert.Contains("line 2", warning, StringComparison.Ordinal);
        Assert.DoesNotContain(hash, warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SEC_30_a_missing_file_is_made_for_its_owner_only_with_a_random_password_that_is_shown_once()
    {
        var log = new ListLogger<HtpasswdAuthenticator>();
        using var authenticator = new HtpasswdAuthenticator(new HtpasswdOptions("r", _folder["new/htpasswd"]), _clock, log);
        var shown = Password().Match(Assert.Single(Texts(log))).Groups["password"].Value;
        using var again = new HtpasswdAuthenticator(new HtpasswdOptions("r", _folder["new/htpasswd"]), _clock, log);

        Assert.Equal(32, shown.Length);
        Assert.Equal("docker", await LoginAsync(authenticator, "docker", shown));
        Assert.Equal("docker", await LoginAsync(again, "docker", shown));
        Assert.Single(Texts(log));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["new/htpasswd"]));
        Assert.DoesNotContain(shown, await File.ReadAllTextAsync(_folder["new/htpasswd"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_stops_the_start()
    {
        var refusal = Assert.Throws<HtpasswdException>(
            () => new HtpasswdAuthenticator(new HtpasswdOptions("r", _folder.FullPath), _clock, NullLogger<HtpasswdAuthenticator>.Instance));

        Assert.Contains("auth.htpasswd.path", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_lets_nobody_in()
    {
        using var authenticator = Open();

        Assert.Null(await LoginAsync(authenticator, "alice", ""));
    }

    [Theory]
    [InlineData("-B", true)]
    [InlineData("-m", false)]
    [InlineData("-s", false)]
    [InlineData("-d", false)]
    [InlineData("-2", false)]
    [InlineData("-5", false)]
    [InlineData("-p", false)]
    public async Task What_Apache_s_htpasswd_writes_is_taken_when_it_is_bcrypt(string format, bool isTaken)
    {
        Require.Tool("htpasswd");
        await Command.RunAsync("htpasswd", ["-c", "-b", format, Path, "alice", "pass:word é"], TestContext.Current.CancellationToken);
        var log = new ListLogger<HtpasswdAuthenticator>();
        using var authenticator = new HtpasswdAuthenticator(new HtpasswdOptions("r", Path), _clock, log);

        Assert.Equal(isTaken ? "alice" : null, await LoginAsync(authenticator, "alice", "pass:word é"));
        Assert.Null(await LoginAsync(authenticator, "alice", "pass:word"));
        Assert.Equal(isTaken ? 0 : 1, log.Entries.Count);
    }

    private HtpasswdAuthenticator Open(params string[] lines) => Open(new ListLogger<HtpasswdAuthenticator>(), lines);

    private HtpasswdAuthenticator Open(ListLogger<HtpasswdAuthenticator> log, params string[] lines)
    {
        File.WriteAllLines(Path, lines);
        return new HtpasswdAuthenticator(new HtpasswdOptions("r", Path), _clock, log, Verify);
    }

    private Task WriteAsync(params string[] lines) => File.WriteAllLinesAsync(Path, lines, TestContext.Current.CancellationToken);

    private bool Verify(string password, string hash)
    {
        _hashesComputed.Add(hash);
        return BCrypt.Net.BCrypt.Verify(password, hash);
    }

    private static string Hash(string password, int cost) => BCrypt.Net.BCrypt.HashPassword(password, cost);

    private static async Task<string?> LoginAsync(HtpasswdAuthenticator authenticator, string user, string password)
    {
        var credentials = AccessFixture.Basic(user, password).Value["Basic ".Length..];
        return (await authenticator.AuthenticateAsync(credentials, TestContext.Current.CancellationToken))?.Name;
    }

    private static IEnumerable<string> Texts(ListLogger<HtpasswdAuthenticator> log) => log.Entries.Select(entry => entry.Text);

    [GeneratedRegex("password is (?<password>[A-Za-z0-9_-]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Password();
}
