using Berth.Safety.Tests.History;

namespace Berth.Safety.Tests.Load;

/// <summary>A request with its place in the history, and its answer; null when the connection broke before it was whole.</summary>
public sealed record Exchange(long Start, long Heard, Answer? Answer)
{
    /// <summary>Zero when nobody knows.</summary>
    public int Status => Answer is { IsFault: false } known ? known.Status : 0;

    public bool IsUnknown => Status == 0;

    /// <summary>Whether the outcome is known and this one. Another known one is noted as wrong.</summary>
    public bool Expect(int status, CallLog log)
    {
        if (!IsUnknown && Status != status)
        {
            log.Complain($"Expected {status}: {Answer}");
        }

        return Status == status;
    }

    /// <summary>This exchange as a call that had this effect, if it had one.</summary>
    public Call Call(Effect effect) => new(Start, IsUnknown ? null : Heard, effect, Answer?.Summary ?? "no answer");
}
