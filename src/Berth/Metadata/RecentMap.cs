using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Berth.Metadata;

/// <summary>What was added or looked up last, as far as it fits.</summary>
/// <remarks>
/// Two generations, each at most half of what is allowed. What is found in the old one moves to the new one, and when the new one is full the
/// old one is forgotten: near enough to "least recently used", and looking up takes no lock.
/// </remarks>
/// <param name="maxBytes">Of what <paramref name="sizeOf"/> says.</param>
/// <param name="sizeOf">Bytes that a value takes besides some for its entry.</param>
internal sealed class RecentMap<TKey, TValue>(long maxBytes, Func<TValue, long> sizeOf)
    where TKey : notnull
{
    /// <summary>What an entry takes besides its value: its place, a key of common length and its digest.</summary>
    private const int Overhead = 512;

    private readonly Lock _gate = new();
    private ConcurrentDictionary<TKey, TValue> _new = [];
    private ConcurrentDictionary<TKey, TValue> _old = [];
    private long _newBytes;

    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_new.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_old.TryGetValue(key, out value))
        {
            return false;
        }

        Add(key, value);
        return true;
    }

    /// <summary>Adds a value, or puts it in the place of the one that was there.</summary>
    public void Add(TKey key, TValue value)
    {
        var size = sizeOf(value) + Overhead;
        if (size > maxBytes / 2)
        {
            return;
        }

        lock (_gate)
        {
            if (_newBytes + size > maxBytes / 2)
            {
                (_old, _new, _newBytes) = (_new, [], 0);
            }

            if (!_new.TryAdd(key, value))
            {
                _newBytes -= sizeOf(_new[key]) + Overhead;
                _new[key] = value;
            }

            _newBytes += size;
        }
    }
}
