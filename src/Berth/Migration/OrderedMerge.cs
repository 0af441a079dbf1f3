using System.Runtime.CompilerServices;

namespace Berth.Migration;

internal static class OrderedMerge
{
    /// <summary>Pairs the rows of two listings that are in byte order of the same key. What only one of them has comes alone.</summary>
    public static async IAsyncEnumerable<(T? Source, T? Target)> MergeAsync<T>(
        this IAsyncEnumerable<T> source, IAsyncEnumerable<T> target, Func<T, string> key, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        await using var left = source.GetAsyncEnumerator(cancellationToken);
        await using var right = target.GetAsyncEnumerator(cancellationToken);
        var (hasLeft, hasRight) = (await left.MoveNextAsync(), await right.MoveNextAsync());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : string.CompareOrdinal(key(left.Current), key(right.Current));
            yield return (order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            hasLeft = order <= 0 ? await left.MoveNextAsync() : hasLeft;
            hasRight = order >= 0 ? await right.MoveNextAsync() : hasRight;
        }
    }
}
