namespace Berth.Storage.Memory;

/// <summary>Bytes that grow while they are staged and stay as they are once committed.</summary>
internal sealed class MemoryObject
{
    private byte[] _content = [];

    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> content)
    {
        if (content.Length > Array.MaxLength - Length)
        {
            throw new StorageException("An object in memory has at most 2 GiB.", isTransient: false);
        }

        var length = Length + content.Length;
        if (length > _content.Length)
        {
            Array.Resize(ref _content, (int)Math.Min(Math.Max(length, 2L * _content.Length), Array.MaxLength));
        }

        content.CopyTo(_content.AsSpan(Length));
        Length = length;
    }

    public void Truncate(int length) => Length = length;

    public int Read(Span<byte> buffer, long offset)
    {
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        _content.AsSpan((int)Math.Min(offset, Length), count).CopyTo(buffer);
        return count;
    }
}
