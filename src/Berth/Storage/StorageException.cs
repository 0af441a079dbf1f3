namespace Berth.Storage;

/// <summary>A fault of the disk, the network or the database behind the registry, translated at the border of its driver.</summary>
public sealed class StorageException(string message, bool isTransient, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the same operation may succeed later, such as after space was freed.</summary>
    public bool IsTransient { get; } = isTransient;
}
