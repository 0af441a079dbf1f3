namespace Berth.Storage.FileSystem;

/// <summary>Where objects lie, relative to the data folder. Only keys and digests, both parsed, ever become part of a path.</summary>
internal static class BlobPaths
{
    public const string Staging = "staging";
    public const string Blobs = "blobs";

    /// <summary>The top of the committed objects of an algorithm.</summary>
    public static string Top(DigestAlgorithm algorithm) => $"{Blobs}/{algorithm.Name}";

    /// <summary>The outer of the two directories that spread a digest's objects.</summary>
    public static string Outer(Digest digest) => $"{Blobs}/{digest.Algorithm.Name}/{digest.Hex[..2]}";

    /// <summary>The inner of the two: the directory that a digest's objects lie in.</summary>
    public static string Inner(Digest digest) => $"{Outer(digest)}/{digest.Hex[2..4]}";

    public static string Staged(BlobKey key) => $"{Staging}/{key}";

    public static string Committed(BlobKey key, Digest digest) => $"{Inner(digest)}/{digest.Hex}.{key}";

    /// <summary>Reads the name of a committed object. False for a path that <see cref="Committed"/> does not make.</summary>
    public static bool TryParseCommitted(string directory, string name, DigestAlgorithm algorithm, out BlobKey key, out Digest digest)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        key = default;
        digest = default;
        return dot > 0
            && BlobKey.TryParse(name.AsSpan(dot + 1), out key)
            && Digest.TryParse($"{algorithm.Name}:{name.AsSpan(0, dot)}", out digest)
            && Inner(digest) == directory;
    }
}
