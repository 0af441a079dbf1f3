using Microsoft.Extensions.Logging;

namespace Berth.Storage.Middleware;

/// <summary>Puts something of its own around the blob store, when the registry opens it.</summary>
public interface IBlobStoreMiddleware
{
    /// <param name="inner">The store, or what an earlier middleware made of it.</param>
    /// <returns>What stands in for <paramref name="inner"/> and disposes it; most derive from <see cref="BlobStoreDecorator"/>.</returns>
    /// <exception cref="StorageException">It cannot work as it was told to; the message says why.</exception>
    IBlobStore Decorate(IBlobStore inner, TimeProvider time, ILoggerFactory loggers);
}
