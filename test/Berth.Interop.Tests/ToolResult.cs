namespace Berth.Interop.Tests;

/// <summary>How a run of a client ended, and all that it printed.</summary>
public sealed record ToolResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>What it printed, if it succeeded; else the test fails with everything that was said.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"{Command}\nended with {ExitCode}\n{Output}\n{Error}");
        return Output;
    }

    /// <summary>What it complained about, if it failed.</summary>
    public string Failed()
    {
        Assert.True(ExitCode != 0, $"{Command}\nshould have failed\n{Output}\n{Error}");
        return Error;
    }
}
