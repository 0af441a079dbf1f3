using System.Net;
using Microsoft.Extensions.Logging;

namespace Berth.Storage.Middleware;

/// <summary>Changes the addresses that the store inside makes, for what stands in front of it (<c>rewrite</c> in distribution).</summary>
/// <remarks>A store that has no address for an object has none after this either.</remarks>
/// <param name="Scheme">The new scheme; null: as it was.</param>
/// <param name="Host">The new host, perhaps with a port; null: as it was.</param>
/// <param name="TrimPathPrefix">What is taken off the front of a path that begins with it.</param>
public sealed record RewriteMiddleware(string? Scheme, string? Host, string? TrimPathPrefix) : IBlobStoreMiddleware
{
    public IBlobStore Decorate(IBlobStore inner, TimeProvider time, ILoggerFactory loggers) => new Store(inner, this);

    /// <summary>The query stays byte for byte: it holds the signature.</summary>
    internal Uri Rewrite(Uri url)
    {
        var path = url.AbsolutePath;
        if (TrimPathPrefix is { Length: > 0 } prefix && path.StartsWith(prefix, StringComparison.Ordinal))
        {
            path = path[prefix.Length..];
        }

        return new($"{Scheme ?? url.Scheme}://{Host ?? url.Authority}/{path.TrimStart('/')}{url.Query}");
    }

    private sealed class Store(IBlobStore inner, RewriteMiddleware rewrite) : BlobStoreDecorator(inner)
    {
        public override async ValueTask<Uri?> FindUrlAsync(
            BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken) =>
            await base.FindUrlAsync(key, digest, method, client, cancellationToken) is { } url ? rewrite.Rewrite(url) : null;
    }
}
