namespace Berth.Safety.Tests.History;

/// <summary>Decides whether the calls on a register can have been carried out one after the other, each between its start and its end.</summary>
/// <remarks>
/// The known way of deciding it just in time: walk through the starts and ends, and keep every combination of a value and of the
/// calls under way that were carried out already. A call that ends must have been carried out; who cannot have is dropped.
/// </remarks>
public static class Linearization
{
    private const int MostUnderWay = 128;

    /// <summary>
    /// The values that the register may have when the last known call ends; none if no order explains the calls. A call of unknown
    /// outcome that was not carried out by then is taken as never carried out.
    /// </summary>
    /// <param name="initial">The values that it may have had.</param>
    public static IReadOnlySet<string?> Explain(IEnumerable<string?> initial, IReadOnlyCollection<Call> calls)
    {
        var states = initial.Select(value => (Value: value, Done: UInt128.Zero)).ToHashSet();
        var underWay = new Call?[MostUnderWay];
        foreach (var (_, call, isEnd) in Events(calls))
        {
            if (!isEnd)
            {
                underWay[Array.IndexOf(underWay, null)] = call;
                continue;
            }

            var slot = Array.IndexOf(underWay, call);
            states = CarryOut(states, underWay, slot).Select(state => (state.Value, state.Done & ~(UInt128.One << slot))).ToHashSet();
            underWay[slot] = null;
        }

        return states.Select(state => state.Value).ToHashSet();
    }

    private static IEnumerable<(long At, Call Call, bool IsEnd)> Events(IEnumerable<Call> calls)
    {
        var events = new List<(long At, Call Call, bool IsEnd)>();
        foreach (var call in calls)
        {
            events.Add((call.Start, call, IsEnd: false));
            if (call.End is { } end)
            {
                events.Add((end, call, IsEnd: true));
            }
        }

        return events.OrderBy(moment => moment.At);
    }

    /// <summary>Every state in which the call of this slot was carried out, with whichever others before it.</summary>
    /// <remarks>
    /// Of two states with one value, that in which fewer calls of unknown outcome were carried out allows all that the other one allows:
    /// such a call may still come, and need not. Without that, many calls that nobody heard of would take for ever.
    /// </remarks>
    private static HashSet<(string? Value, UInt128 Done)> CarryOut(
        HashSet<(string? Value, UInt128 Done)> states, Call?[] underWay, int demanded)
    {
        var unknown = Enumerable.Range(0, MostUnderWay).Where(slot => underWay[slot] is { End: null }).Aggregate(UInt128.Zero, (bits, slot) => bits | (UInt128.One << slot));
        var seen = new Dictionary<(string?, UInt128 Known), List<UInt128>>();
        var reached = new HashSet<(string? Value, UInt128 Done)>();
        var open = new Queue<(string? Value, UInt128 Done)>(states.OrderBy(state => UInt128.PopCount(state.Done)).Where(IsNew));
        while (open.TryDequeue(out var state))
        {
            if ((state.Done & (UInt128.One << demanded)) != 0)
            {
                reached.Add(state);
                continue;
            }

            for (var slot = 0; slot < MostUnderWay; slot++)
            {
                if (underWay[slot] is { } call && (state.Done & (UInt128.One << slot)) == 0 && call.Effect.TryApply(state.Value, out var after)
                    && IsNew((after, state.Done | (UInt128.One << slot))))
                {
                    open.Enqueue((after, state.Done | (UInt128.One << slot)));
                }
            }
        }

        return reached;

        bool IsNew((string? Value, UInt128 Done) state)
        {
            var (key, carriedOut) = ((state.Value, state.Done & ~unknown), state.Done & unknown);
            if (!seen.TryGetValue(key, out var fewer))
            {
                seen.Add(key, fewer = []);
            }

            var isNew = !fewer.Exists(other => (other & ~carriedOut) == 0);
            if (isNew)
            {
                fewer.Add(carriedOut);
            }

            return isNew;
        }
    }
}
