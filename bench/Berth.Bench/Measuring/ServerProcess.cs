using System.Globalization;

namespace Berth.Bench.Measuring;

/// <summary>The server's process, as the kernel accounts for it under /proc.</summary>
internal sealed class ServerProcess(int id)
{
    // The unit of times in /proc/PID/stat: USER_HZ, which is 100 on every platform that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <summary>User and system time that the process, its children and those of them that ended have taken so far.</summary>
    public TimeSpan ReadCpuTime() => TimeSpan.FromSeconds((double)ReadCpuTicks(id) / TicksPerSecond);

    /// <summary>Resident memory now, in bytes.</summary>
    public long ReadResidentBytes() => ReadStatusBytes("VmRSS:");

    /// <summary>The most resident memory since the process started, in bytes.</summary>
    public long ReadPeakResidentBytes() => ReadStatusBytes("VmHWM:");

    private static long ReadCpuTicks(int id)
    {
        // The second field is the program's name in parentheses, which may hold spaces. What follows counts from field 3.
        var stat = string.Concat(File.ReadLines($"/proc/{id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = 0L;
        for (var field = 14; field <= 17; field++)
        {
            ticks += long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
        }

        return ticks + ReadChildren(id).Sum(ReadCpuTicks);
    }

    private static IEnumerable<int> ReadChildren(int id) =>
        from thread in Directory.EnumerateDirectories($"/proc/{id}/task")
        from line in ReadLines($"{thread}/children")
        from child in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select int.Parse(child, CultureInfo.InvariantCulture);

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return []; // the thread has just ended
        }
    }

    private long ReadStatusBytes(string name)
    {
        // A process that ended and was not waited for still has the file, but no memory.
        var line = Array.Find(ReadLines($"/proc/{id}/status"), line => line.StartsWith(name, StringComparison.Ordinal))
            ?? throw new IOException($"process {id} has ended");
        return 1024 * long.Parse(line.AsSpan(name.Length, line.Length - name.Length - " kB".Length), CultureInfo.InvariantCulture);
    }
}
