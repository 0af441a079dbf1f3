using System.Buffers.Binary;
using System.Numerics;

namespace Berth.Storage.Gcs;

/// <summary>The checksum of Castagnoli, which the service has of every object.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes that follow others.</summary>
    /// <param name="before">The checksum of those others; zero when there are none.</param>
    public static uint Append(uint before, ReadOnlySpan<byte> content)
    {
        var crc = ~before;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        }

        foreach (var one in content)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }

    /// <summary>Base64 of the number, highest byte first.</summary>
    public static string ToText(uint crc)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc);
        return Convert.ToBase64String(bytes);
    }
}
