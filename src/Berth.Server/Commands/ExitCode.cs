namespace Berth.Server.Commands;

/// <summary>Every exit code of <c>berth</c>. Public API: scripts and units depend on it.</summary>
public static class ExitCode
{
    /// <summary>Done; for the server, stopped by request.</summary>
    public const int Success = 0;

    /// <summary>Something failed at run time: the address is taken, the disk has an error.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong, or a database or bucket that it names cannot be used. Nothing was touched.</summary>
    public const int Usage = 2;

    /// <summary><c>berth fsck</c> did its work and found something wrong; after <c>berth migrate</c>, source and target still differ; <c>berth policy test</c> says no.</summary>
    public const int Findings = 3;

    /// <summary>Another process has the data folder (EX_TEMPFAIL of sysexits.h: trying later may work).</summary>
    public const int InUse = 75;
}
