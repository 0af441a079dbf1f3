using System.Net;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.Middleware;

/// <summary>Sends clients to a server that has the same objects under the same names; nothing is signed (<c>redirect</c> in distribution).</summary>
/// <param name="BaseUrl">What stands before the names.</param>
public sealed record RedirectMiddleware(Uri BaseUrl) : IBlobStoreMiddleware
{
    public IBlobStore Decorate(IBlobStore inner, TimeProvider time, ILoggerFactory loggers) => new Store(inner, BaseUrl);

    private sealed class Store(IBlobStore inner, Uri baseUrl) : BlobStoreDecorator(inner)
    {
        public override ValueTask<Uri?> FindUrlAsync(
            BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken) =>
            new(FindName(key, digest) is { } name ? ObjectAddress.Of(baseUrl, name) : null);
    }
}
