using System.Globalization;
using System.Runtime.InteropServices;

namespace Berth.Bench.Reporting;

/// <summary>What the figures depend on besides Berth.</summary>
internal static class Machine
{
    /// <summary>Processor, memory, system and .NET, in one line.</summary>
    public static string Describe()
    {
        var processors = Values("/proc/cpuinfo", "model name").ToList();
        var kilobytes = long.Parse(Values("/proc/meminfo", "MemTotal").Single().Split(' ')[0], CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{processors.Count} cores of {processors.FirstOrDefault() ?? "an unknown processor"}, {kilobytes / (1 << 20)} GiB of memory, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
    }

    private static IEnumerable<string> Values(string file, string name) =>
        from line in File.ReadLines(file)
        where line.StartsWith(name, StringComparison.Ordinal)
        select line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
}
