namespace Berth.Access;

/// <summary>Why something is not allowed.</summary>
public enum AccessObstacle
{
    /// <summary>No rule allows it.</summary>
    Policy,

    /// <summary>The token was not issued for it, whatever the rules say.</summary>
    TokenScope,
}
