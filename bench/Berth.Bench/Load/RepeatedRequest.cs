using Berth.Bench.Registry;

namespace Berth.Bench.Load;

/// <summary>The same small request again and again, which must always get the same answer.</summary>
/// <param name="Bytes">The request.</param>
/// <param name="Body">The body that its answer has; empty for HEAD.</param>
/// <param name="Headers">Headers that its answer has, with their values.</param>
internal sealed record RepeatedRequest(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Body, params IReadOnlyList<(string Name, string Value)> Headers)
{
    public Workload ToWorkload() => new(registry => (_, cancellationToken) => RunAsync(registry, cancellationToken));

    public async ValueTask<long> RunAsync(RegistryConnection registry, CancellationToken cancellationToken)
    {
        var answer = await registry.SendAsync(Bytes, 200, cancellationToken);
        if (!answer.Body.Span.SequenceEqual(Body.Span))
        {
            throw new WrongAnswerException($"a body of {answer.Body.Length} bytes that are not the {Body.Length} expected ones");
        }

        foreach (var (name, value) in Headers)
        {
            if (answer.Find(name) != value)
            {
                throw new WrongAnswerException($"no {name}: {value} in {answer.Head}");
            }
        }

        return answer.Body.Length;
    }
}
