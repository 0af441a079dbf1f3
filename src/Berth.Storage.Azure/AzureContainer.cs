using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Berth.Storage.Azure;

/// <summary>The requests of the store, by the names of objects. Absence is a null or a false; faults are translated.</summary>
internal sealed class AzureContainer(BlobContainerClient client)
{
    private static readonly BlobRequestConditions IsNew = new() { IfNoneMatch = ETag.All };

    /// <returns>Null when nothing is committed there.</returns>
    public Task<AzureObjectInfo?> HeadAsync(string name, CancellationToken cancellationToken) => CallAsync<AzureObjectInfo?>(
        "look for an object",
        async () =>
        {
            BlobProperties found = await client.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new AzureObjectInfo(found.ContentLength, found.ETag, found.LastModified);
        },
        IsAbsent,
        cancellationToken);

    /// <summary>Writes a whole object that must not exist yet.</summary>
    /// <returns>False when one exists.</returns>
    public Task<bool> PutAsync(string name, Stream content, CancellationToken cancellationToken) => CallAsync(
        "write an object",
        async () =>
        {
            content.Position = 0;
            await client.GetBlockBlobClient(name).UploadAsync(content, new BlobUploadOptions { Conditions = IsNew }, cancellationToken);
            return true;
        },
        Exists,
        cancellationToken);

    public Task StageBlockAsync(string name, string id, Stream content, CancellationToken cancellationToken) => AzureFault.TranslateAsync(
        "write a block",
        () =>
        {
            content.Position = 0;
            return client.GetBlockBlobClient(name).StageBlockAsync(id, content, cancellationToken: cancellationToken);
        },
        cancellationToken);

    /// <summary>Makes an object, which must not exist yet, of blocks.</summary>
    /// <returns>False when one exists, or not all of the blocks do.</returns>
    public Task<bool> CommitBlocksAsync(string name, IEnumerable<BlockNote> blocks, CancellationToken cancellationToken) => CallAsync(
        "put an object together",
        async () =>
        {
            await client.GetBlockBlobClient(name).CommitBlockListAsync(
                blocks.Select(block => block.Id), new CommitBlockListOptions { Conditions = IsNew }, cancellationToken);
            return true;
        },
        fault => Exists(fault) || fault.ErrorCode == "InvalidBlockList" || IsAbsent(fault),
        cancellationToken);

    /// <summary>The blocks of an object: those it consists of, in their order, and those that are only staged.</summary>
    /// <returns>Null when there are neither.</returns>
    public Task<(IReadOnlyList<BlockNote> Committed, IReadOnlyList<BlockNote> Staged)?> FindBlocksAsync(string name, CancellationToken cancellationToken) =>
        CallAsync<(IReadOnlyList<BlockNote>, IReadOnlyList<BlockNote>)?>(
            "look for blocks",
            async () =>
            {
                BlockList list = await client.GetBlockBlobClient(name).GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken);
                return ([.. list.CommittedBlocks.Select(ToNote)], [.. list.UncommittedBlocks.Select(ToNote)]);
            },
            IsAbsent,
            cancellationToken);

    /// <summary>Starts to read. The caller disposes the answer.</summary>
    /// <returns>Null when there is no object.</returns>
    /// <exception cref="StorageException">Also when it is another one than <paramref name="tag"/> means.</exception>
    public Task<BlobDownloadStreamingResult?> GetAsync(string name, ETag tag, long offset, CancellationToken cancellationToken) =>
        CallAsync<BlobDownloadStreamingResult?>(
            "read an object",
            async () => await client.GetBlobClient(name).DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset), Conditions = new BlobRequestConditions { IfMatch = tag } }, cancellationToken),
            IsAbsent,
            cancellationToken);

    /// <returns>False when nothing is committed there.</returns>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => CallAsync(
        "delete an object",
        async () =>
        {
            await client.GetBlobClient(name).DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
            return true;
        },
        IsAbsent,
        cancellationToken);

    /// <summary>Names and sizes of all objects whose names begin so; those that are only staged have none.</summary>
    public async IAsyncEnumerable<(string Name, long Size)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = client.GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, prefix, cancellationToken).AsPages();
        await using var page = pages.GetAsyncEnumerator(cancellationToken);
        while (await AzureFault.TranslateAsync("list objects", () => page.MoveNextAsync().AsTask(), cancellationToken))
        {
            foreach (var item in page.Current.Values)
            {
                yield return (item.Name, item.Properties.ContentLength ?? 0);
            }
        }
    }

    /// <param name="isAnswer">Whether a refusal is an answer, and no fault: then the result is the default.</param>
    private static Task<T?> CallAsync<T>(
        string purpose, Func<Task<T>> call, Func<RequestFailedException, bool> isAnswer, CancellationToken cancellationToken) =>
        AzureFault.TranslateAsync(
            purpose,
            async () =>
            {
                try
                {
                    return await call();
                }
                catch (RequestFailedException fault) when (isAnswer(fault))
                {
                    return default(T?);
                }
            },
            cancellationToken);

    /// <summary>Another 404 does not speak of the object: there is no container, or a proxy answers. The code is in a header, also of the answer to a HEAD.</summary>
    private static bool IsAbsent(RequestFailedException fault) => fault is { Status: 404, ErrorCode: "BlobNotFound" };

    private static bool Exists(RequestFailedException fault) =>
        fault.ErrorCode is "BlobAlreadyExists" or "UnauthorizedBlobOverwrite" || fault is { Status: 412, ErrorCode: "ConditionNotMet" };

    private static BlockNote ToNote(BlobBlock block) => new(block.Name, block.SizeLong);
}
