using Berth.Storage;
using Berth.Storage.FileSystem;
using CsCheck;

namespace Berth.Tests.Storage;

public sealed class BlobKeyTests
{
    /// <summary>What hostile names are made of: path syntax, case, white space, look-alikes, and parts of good keys.</summary>
    private static readonly string[] Pieces =
    [
        "0", "9", "a", "f", "F", "0189", "01890000000070008000000000000000", ".", "..", "/", "\\", "%2e", "\0", " ", "\n", "\t", "-",
        "{", "}", "+", "x", "0x", "\u202E", "\uFF10", "\u0660", "CON", "\u00E9", "e\u0301",
    ];

    private static readonly Gen<string> Hostile = Gen.Int[0, Pieces.Length - 1].Array[0, 34]
        .Select(numbers => string.Concat(numbers.Select(number => Pieces[number])));

    [Fact]
    public void A_name_is_no_key_or_the_very_text_of_one() =>
        Hostile.Sample(text => !BlobKey.TryParse(text, out var key) || key.ToString() == text, iter: 100_000);

    [Fact]
    public void Every_key_is_read_back()
    {
        var key = BlobKey.Create(TimeProvider.System);

        Assert.Equal(key, BlobKey.Parse(key.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../etc/passwd")]
    [InlineData("0189000000007000800000000000000")]
    [InlineData("018900000000700080000000000000000")]
    [InlineData(" 01890000000070008000000000000000")]
    [InlineData("01890000000070008000000000000000\n")]
    [InlineData("0189000000007000800000000000000A")]
    [InlineData("01890000-0000-7000-8000-000000000000")]
    public void Anything_else_is_no_key(string text)
    {
        Assert.False(BlobKey.TryParse(text, out var key));
        Assert.Equal(default, key);
        Assert.Throws<FormatException>(() => BlobKey.Parse(text));
    }

    [Fact]
    public void Every_key_and_digest_has_a_place_inside_the_folder_and_is_read_back_from_it() =>
        Gen.Select(Gen.Guid, Gen.Byte.Array[32], Gen.Byte.Array[64], Gen.Bool).Sample((guid, hash256, hash512, isSha256) =>
        {
            var key = BlobKey.Parse(guid.ToString("N"));
            var algorithm = isSha256 ? DigestAlgorithm.Sha256 : DigestAlgorithm.Sha512;
            var digest = Digest.FromHash(algorithm, isSha256 ? hash256 : hash512);
            var path = BlobPaths.Committed(key, digest);
            var name = Path.GetFileName(path);
            return Path.GetFullPath(path, "/root") == $"/root/{path}"
                && BlobPaths.TryParseCommitted(BlobPaths.Inner(digest), name, algorithm, out var foundKey, out var foundDigest)
                && (foundKey, foundDigest) == (key, digest);
        });
}
