using System.Security.Cryptography;
using Berth.Uploads;

namespace Berth.Tests.Uploads;

public sealed class RunningHashTests
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(1000);

    public static TheoryData<string> Algorithms => ["sha256", "sha512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_hash_goes_on_from_every_length_in_another_process(string name)
    {
        Assert.SkipUnless(OpenSslHash.IsAvailable, "OpenSSL is not here.");
        Assert.True(DigestAlgorithm.TryParse(name, out var algorithm));
        for (var length = 1; length <= Content.Length; length++)
        {
            using var first = RunningHash.Create(algorithm);
            first.Append(Content.AsSpan(0, length / 3));
            first.Append(Content.AsSpan(length / 3, length - (length / 3)));

            using var second = RunningHash.Load(algorithm, first.Save(), length);
            Assert.Equal(Digest.Of(Content.AsSpan(0, length), algorithm), second!.ToDigest());
            second.Append(Content.AsSpan(length));

            Assert.Equal(Digest.Of(Content, algorithm), second.ToDigest());
            Assert.Equal(Content.Length, second.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void It_hashes_as_the_platform_does(string name)
    {
        Assert.True(DigestAlgorithm.TryParse(name, out var algorithm));
        foreach (RunningHash hash in new RunningHash[] { new PlatformHash(algorithm), RunningHash.Create(algorithm) })
        {
            using (hash)
            {
                Assert.Equal(Digest.Of([], algorithm), hash.ToDigest());
                hash.Append(Content);
                Assert.Equal(Digest.Of(Content, algorithm), hash.ToDigest());
            }
        }
    }

    [Fact]
    public void The_digest_may_be_asked_for_in_between()
    {
        using var hash = RunningHash.Create(DigestAlgorithm.Sha256);
        hash.Append(Content.AsSpan(0, 100));
        hash.ToDigest();
        hash.Append(Content.AsSpan(100));

        Assert.Equal(Digest.Of(Content, DigestAlgorithm.Sha256), hash.ToDigest());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_state_is_not_continued(string? state) => Assert.Null(RunningHash.Load(DigestAlgorithm.Sha256, state, 100));

    [Fact]
    public void The_state_of_one_algorithm_is_none_of_the_other()
    {
        for (var length = 1; length <= 256; length++)
        {
            using var hash = RunningHash.Create(DigestAlgorithm.Sha256);
            hash.Append(Content.AsSpan(0, length));

            Assert.Null(RunningHash.Load(DigestAlgorithm.Sha512, hash.Save(), length));
        }
    }

    [Fact]
    public void Nothing_needs_no_state()
    {
        using var hash = RunningHash.Load(DigestAlgorithm.Sha256, state: null, length: 0);

        Assert.Equal(Digest.Of([], DigestAlgorithm.Sha256), hash!.ToDigest());
    }
}
