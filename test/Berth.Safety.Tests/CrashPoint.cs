namespace Berth.Safety.Tests;

/// <summary>A moment to die at: when a thread enters a system call for the <paramref name="Number"/>th time.</summary>
public sealed record CrashPoint(string Thread, string Call, int Number)
{
    public override string ToString() => $"{Thread}: {Call} {Number}";
}
