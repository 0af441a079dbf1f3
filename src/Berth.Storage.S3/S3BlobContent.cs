using Amazon.S3.Model;

namespace Berth.Storage.S3;

/// <summary>A committed object, read by one request that goes on as long as reads follow each other. What breaks off is asked for again from there.</summary>
internal sealed class S3BlobContent(S3Bucket bucket, string name, S3ObjectInfo info, TimeSpan readTimeout) : IBlobContent
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private const int MostTries = 4;

    private readonly SemaphoreSlim _turn = new(1);
    private GetObjectResponse? _answer;
    private long _position;

    public long Length => info.Size;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        await TryReadAsync(buffer, offset, cancellationToken)
        ?? throw new StorageException("The object was deleted while it was being read.", isTransient: false);

    /// <returns>Null when the object is gone.</returns>
    public async ValueTask<int?> TryReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
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
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _answer?.Dispose();
        _turn.Dispose();
    }

    private async Task<int?> ReadInTurnAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            if (_answer is null || _position != offset)
            {
                Close();
                _answer = await bucket.GetAsync(name, info.ETag, offset, Length - 1, cancellationToken);
                if (_answer is null)
                {
                    return null;
                }

                _position = offset;
            }

            var (read, fault) = await ReadSomeAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _position += read;
                return read;
            }

            Close();
            if (tries == MostTries)
            {
                throw fault is null
                    ? new StorageException("The object store ends the object before its end.", isTransient: true)
                    : S3Fault.Translate("read an object", fault);
            }
        }
    }

    /// <returns>Zero bytes when the answer broke off, and why, if anything says so.</returns>
    private async Task<(int Read, Exception? Fault)> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(readTimeout);
        try
        {
            return (await _answer!.ResponseStream.ReadAsync(buffer, patience.Token), null);
        }
        catch (Exception fault) when (S3Fault.IsFault(fault, cancellationToken))
        {
            return (0, fault);
        }
        catch
        {
            Close(); // the reader gave up in the middle of it
            throw;
        }
    }

    private void Close()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
