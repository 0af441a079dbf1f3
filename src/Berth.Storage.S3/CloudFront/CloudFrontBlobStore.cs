using System.Net;
using Berth.Storage.Middleware;

namespace Berth.Storage.S3.CloudFront;

/// <summary>A bucket whose objects clients get from CloudFront, except those clients that are nearer to the bucket.</summary>
internal sealed class CloudFrontBlobStore(IBlobStore inner, CloudFrontSigner signer, AwsNetworks? networks) : BlobStoreDecorator(inner)
{
    public override ValueTask<Uri?> FindUrlAsync(
        BlobKey key, Digest digest, string method, IPAddress? client, CancellationToken cancellationToken) =>
        FindName(key, digest) is not { } name || (client is not null && networks?.Contains(client) == true)
            ? base.FindUrlAsync(key, digest, method, client, cancellationToken)
            : new(signer.Sign(name));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            networks?.Dispose();
            signer.Dispose();
        }

        base.Dispose(disposing);
    }
}
