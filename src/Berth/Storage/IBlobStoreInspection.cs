namespace Berth.Storage;

/// <summary>Optional: a store that can tell about what does not belong in it.</summary>
public interface IBlobStoreInspection
{
    /// <summary>Symbolic links, files that others may read or write, and names that are no object's; one line of text each.</summary>
    IAsyncEnumerable<string> FindForeignAsync(CancellationToken cancellationToken);
}
