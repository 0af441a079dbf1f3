using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Berth.Uploads;

/// <summary>
/// A hash by the functions of OpenSSL whose state is a plain structure, which a row can hold: any node goes on with an upload, without
/// reading its bytes again. .NET's own hash is the same code of the same library, but its state cannot be taken out.
/// </summary>
/// <remarks>
/// The structure of SHA256_CTX and SHA512_CTX (openssl/sha.h), in words of 4 and of 8 bytes: eight words of the hash, the number of bits in
/// two words, one block of bytes that wait for the rest of their block; then, as two integers of 4 bytes, how many wait and the size of the hash.
/// </remarks>
internal sealed partial class OpenSslHash : RunningHash
{
    private const string Library = "libcrypto.so.3";
    private const int HashWords = 8;

    private readonly byte[] _context;

    public OpenSslHash(DigestAlgorithm algorithm)
        : base(algorithm)
    {
        _context = new byte[ContextSize];
        _ = Is256 ? SHA256_Init(_context) : SHA512_Init(_context);
    }

    public static bool IsAvailable { get; } =
        OperatingSystem.IsLinux() && BitConverter.IsLittleEndian && NativeLibrary.TryLoad(Library, out _);

    private bool Is256 => Algorithm == DigestAlgorithm.Sha256;

    private int Word => Is256 ? sizeof(uint) : sizeof(ulong);

    private int BlockSize => 16 * Word;

    private int HashSize => HashWords * Word;

    private int BlockAt => HashSize + (2 * Word);

    private int ContextSize => BlockAt + BlockSize + (2 * sizeof(int));

    /// <summary>Continues a saved state; null when it is none.</summary>
    public static new OpenSslHash? Load(DigestAlgorithm algorithm, string state, long length)
    {
        var hash = new OpenSslHash(algorithm);
        return hash.TryRestore(state, length) ? hash : null;
    }

    public override void Append(ReadOnlySpan<byte> content)
    {
        _ = Is256 ? SHA256_Update(_context, content, (nuint)content.Length) : SHA512_Update(_context, content, (nuint)content.Length);
        Length += content.Length;
    }

    public override Digest ToDigest()
    {
        byte[] last = [.. _context];
        Span<byte> bytes = stackalloc byte[HashSize];
        _ = Is256 ? SHA256_Final(bytes, last) : SHA512_Final(bytes, last);
        return Digest.FromHash(Algorithm, bytes);
    }

    /// <inheritdoc/>
    /// <remarks>The words of the hash, then the bytes that wait: as many as the length leaves over of a whole block.</remarks>
    public override string Save()
    {
        var waiting = (int)(Length % BlockSize);
        return Convert.ToBase64String([.. _context.AsSpan(0, HashSize), .. _context.AsSpan(BlockAt, waiting)]);
    }

    public override void Dispose()
    {
    }

    private bool TryRestore(string state, long length)
    {
        var waiting = (int)(length % BlockSize);
        Span<byte> saved = stackalloc byte[HashSize + BlockSize];
        if (!Convert.TryFromBase64String(state, saved, out var count) || count != HashSize + waiting)
        {
            return false;
        }

        saved[..HashSize].CopyTo(_context);
        saved[HashSize..count].CopyTo(_context.AsSpan(BlockAt));
        BinaryPrimitives.WriteInt64LittleEndian(_context.AsSpan(HashSize), 8 * length); // 2^60 bytes are enough; the higher word of SHA-512 stays zero
        BinaryPrimitives.WriteInt32LittleEndian(_context.AsSpan(BlockAt + BlockSize), waiting);
        Length = length;
        return true;
    }

    [LibraryImport(Library)]
    private static partial int SHA256_Init(Span<byte> context);

    [LibraryImport(Library)]
    private static partial int SHA256_Update(Span<byte> context, ReadOnlySpan<byte> data, nuint length);

    [LibraryImport(Library)]
    private static partial int SHA256_Final(Span<byte> hash, Span<byte> context);

    [LibraryImport(Library)]
    private static partial int SHA512_Init(Span<byte> context);

    [LibraryImport(Library)]
    private static partial int SHA512_Update(Span<byte> context, ReadOnlySpan<byte> data, nuint length);

    [LibraryImport(Library)]
    private static partial int SHA512_Final(Span<byte> hash, Span<byte> context);
}
