namespace Berth.Server.Configuration;

/// <summary>What becomes of a key that stands in the configuration.</summary>
internal enum KeyEffect
{
    /// <summary>It works.</summary>
    Effective,

    /// <summary>It is accepted and does nothing; a warning says why.</summary>
    Ignored,

    /// <summary>It stops the start: to run without it would expose data or put it where nobody looks for it.</summary>
    Refused,
}
