namespace Berth.Metadata;

/// <summary>The states of a key; a key in none of them is dead, and its object may go.</summary>
public enum KeyState
{
    Upload,
    Blob,
    PendingDelete,
}
