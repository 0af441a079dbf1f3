using System.Collections.Concurrent;

namespace Berth.Safety.Tests.History;

/// <summary>What clients asked a registry for and were told, and the judgement whether it was the truth.</summary>
public sealed class CallLog
{
    private const int MostComplaints = 20;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Call>> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string?>> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _complaints = new();
    private TaskCompletionSource _signal = new();
    private long _clock;
    private int _answers;
    private int _expected = int.MaxValue;

    /// <summary>Answers that told an outcome, since the beginning.</summary>
    public int Answers => _answers;

    /// <summary>Counts on: no two moments are the same.</summary>
    public long Tick() => Interlocked.Increment(ref _clock);

    /// <summary>Ends when so many further outcomes are known.</summary>
    public Task WhenAnsweredAsync(int count)
    {
        _signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _expected, Volatile.Read(ref _answers) + count);
        return _signal.Task;
    }

    public void CountAnswer()
    {
        if (Interlocked.Increment(ref _answers) >= Volatile.Read(ref _expected))
        {
            _signal.TrySetResult();
        }
    }

    public void Add(string register, Call call) => _calls.GetOrAdd(register, _ => new()).Enqueue(call);

    /// <summary>Notes something that is wrong by itself.</summary>
    public void Complain(string text) => _complaints.Enqueue(text);

    /// <summary>
    /// Judges all calls since the last time, of which none is under way any more. What the last reads found is what the next calls
    /// begin with.
    /// </summary>
    /// <exception cref="Xunit.Sdk.XunitException">The registry forgot, invented or mixed up something.</exception>
    public void Settle()
    {
        foreach (var (register, calls) in _calls)
        {
            var before = _values.GetValueOrDefault(register) ?? new HashSet<string?> { null };
            var after = Linearization.Explain(before, calls);
            if (after.Count == 0)
            {
                Complain($"No order explains {register}, which was {string.Join(" or ", before.Select(value => value ?? "nothing"))}:\n    "
                    + string.Join("\n    ", calls.OrderBy(call => call.Start)));
            }

            _values[register] = after;
        }

        _calls.Clear();
        Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints.Take(MostComplaints)));
    }

    /// <summary>What a register holds, as far as the last <see cref="Settle"/> knows; null for nothing.</summary>
    public string? Value(string register) => _values.TryGetValue(register, out var values) ? values.Single() : null;
}
