namespace Berth.Storage;

/// <summary>Optional: a store whose objects something else can serve by their names: a content delivery network, a web server.</summary>
public interface INamedObjects
{
    /// <summary>The name of a committed object, from the top of the bucket or of the data folder; null when it has none.</summary>
    string? FindName(BlobKey key, Digest digest);
}
