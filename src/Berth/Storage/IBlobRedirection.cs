using System.Net;

namespace Berth.Storage;

/// <summary>Optional: a store from which clients can read by themselves.</summary>
public interface IBlobRedirection
{
    /// <summary>An address that gives this object to whoever has it, for a while.</summary>
    /// <param name="key">The key of a committed object. Whether it is there is not looked up.</param>
    /// <param name="digest">The digest it was committed under.</param>
    /// <param name="method"><c>GET</c> or <c>HEAD</c>: the address is good for nothing else.</param>
    /// <param name="client">Who will read; null when nobody knows.</param>
    /// <returns>Null when the store has none for this method.</returns>
    ValueTask<Uri?> FindUrlAsync(BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken);
}
