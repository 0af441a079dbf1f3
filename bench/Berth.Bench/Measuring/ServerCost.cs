namespace Berth.Bench.Measuring;

/// <summary>What the server's process spent on a run.</summary>
/// <param name="Cpu">User and system time of the process and its children.</param>
/// <param name="PeakResidentBytes">The most resident memory seen during the run, sampled.</param>
/// <param name="LifetimePeakResidentBytes">The most resident memory since the process started, by the kernel's count.</param>
/// <param name="Operations">Operations of the run.</param>
/// <param name="Bytes">Bytes of content that the run moved.</param>
internal sealed record ServerCost(TimeSpan Cpu, long PeakResidentBytes, long LifetimePeakResidentBytes, int Operations, long Bytes)
{
    public double CpuMicrosecondsPerOperation => Cpu.TotalMicroseconds / Operations;

    /// <summary>A gigabyte is 10^9 bytes. Null when no content was moved.</summary>
    public double? CpuSecondsPerGigabyte => Bytes > 0 ? Cpu.TotalSeconds / (Bytes / 1e9) : null;

    public double PeakResidentMebibytes => PeakResidentBytes / (double)(1 << 20);

    public double LifetimePeakResidentMebibytes => LifetimePeakResidentBytes / (double)(1 << 20);
}
