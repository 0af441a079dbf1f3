using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Storage.Azure.Tests;

/// <summary>A new container of the server for one class of tests; each test has a root of its own in it.</summary>
public sealed class ContainerFixture(AzuriteServer server) : IDisposable
{
    private readonly string _name = $"container-{BlobKey.Create(TimeProvider.System)}";
    private HttpClientTransport? _transport;

    public AzuriteServer Server => server;

    /// <summary>What a store of this container needs to know: few retries, and a root that nobody else has.</summary>
    public async Task<AzureOptions> NewOptionsAsync()
    {
        var options = new AzureOptions
        {
            AccountName = AzuriteServer.AccountName,
            AccountKey = AzuriteServer.AccountKey,
            CredentialsType = "shared_key",
            ServiceUrl = server.Address.ToString(),
            Container = _name,
            RootDirectory = $"/root-{BlobKey.Create(TimeProvider.System)}",
            MaxRetries = 2,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        _transport ??= AzureClients.CreateTransport(options);
        await Client(options).CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        return options;
    }

    /// <summary>A store that is open, without its start check, which would spoil what a test counts.</summary>
    public static AzureBlobStore Open(AzureOptions options) => AzureBlobStore.Create(options, TimeProvider.System, NullLogger<AzureBlobStore>.Instance);

    /// <summary>The SDK's client, to look at what the store did.</summary>
    public BlobContainerClient Client(AzureOptions options) => AzureClients.Create(options, _transport!).GetBlobContainerClient(_name);

    public async Task<IReadOnlyList<string>> NamesAsync(AzureOptions options) => await Client(options)
        .GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, options.RootPrefix, TestContext.Current.CancellationToken)
        .Select(item => item.Name[options.RootPrefix.Length..])
        .ToListAsync(TestContext.Current.CancellationToken);

    public void Dispose() => _transport?.Dispose();
}
