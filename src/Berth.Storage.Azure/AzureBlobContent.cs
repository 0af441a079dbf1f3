using Azure.Storage.Blobs.Models;

namespace Berth.Storage.Azure;

/// <summary>
/// A committed object, read by one request that goes on as long as reads follow each other. What breaks off is asked for again by the SDK, which
/// holds to the entity tag.
/// </summary>
internal sealed class AzureBlobContent(AzureContainer container, string name, AzureObjectInfo info) : IBlobContent
{
    private readonly SemaphoreSlim _turn = new(1);
    private BlobDownloadStreamingResult? _answer;
    private long _position;

    public long Length => info.Size;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (offset >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await ReadInTurnAsync(buffer[..(int)Math.Min(buffer.Length, Length - offset)], offset, cancellationToken);
        }
        catch
        {
            Close();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        Close();
        _turn.Dispose();
    }

    private async Task<int> ReadInTurnAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        if (_answer is null || _position != offset)
        {
            Close();
            _answer = await container.GetAsync(name, info.Tag, offset, cancellationToken)
                ?? throw new StorageException("The object was deleted while it was being read.", isTransient: false);
            _position = offset;
        }

        var content = _answer.Content;
        var read = await AzureFault.TranslateAsync("read an object", () => content.ReadAsync(buffer, cancellationToken).AsTask(), cancellationToken);
        if (read == 0)
        {
            throw new StorageException("The object store ends the object before its end.", isTransient: true);
        }

        _position += read;
        return read;
    }

    private void Close()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
