using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>Sends the same small GET again and again on one connection.</summary>
internal sealed class GetClient(RawConnection connection, ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> expected) : ILoadClient
{
    public async ValueTask<long> RunAsync(int operation, CancellationToken cancellationToken)
    {
        var body = await connection.GetAsync(request, cancellationToken);
        return body.Span.SequenceEqual(expected.Span)
            ? body.Length
            : throw new WrongAnswerException($"a body of {body.Length} bytes that are not the {expected.Length} expected ones");
    }

    public void Dispose() => connection.Dispose();
}
