namespace Berth.Storage.Gcs;

/// <summary>A committed object, read by one request that goes on as long as reads follow each other. What breaks off is asked for again.</summary>
internal sealed class GcsBlobContent(GcsBucket bucket, GcsHttp http, GcsObject info) : IBlobContent
{
    private const string Purpose = "read an object";

    private readonly SemaphoreSlim _turn = new(1);
    private HttpResponseMessage? _answer;
    private Stream? _stream;
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
        for (var tries = 0; ; tries++)
        {
            if (_stream is null || _position != offset)
            {
                await OpenAsync(offset, cancellationToken);
            }

            try
            {
                var read = await http.LimitAsync(limit => _stream!.ReadAsync(buffer, limit).AsTask(), cancellationToken);
                if (read > 0)
                {
                    _position += read;
                    return read;
                }

                throw new IOException("the object ends before its end");
            }
            catch (Exception fault) when (GcsFault.IsFault(fault, cancellationToken))
            {
                Close();
                if (tries >= http.MaxRetries)
                {
                    throw GcsFault.Translate(Purpose, fault);
                }

                await http.WaitAsync(tries, cancellationToken);
            }
        }
    }

    private async Task OpenAsync(long offset, CancellationToken cancellationToken)
    {
        Close();
        _answer = await bucket.GetAsync(info, offset, cancellationToken)
            ?? throw new StorageException("The object was deleted while it was being read.", isTransient: false);
        _stream = await _answer.Content.ReadAsStreamAsync(cancellationToken);
        _position = offset;
    }

    private void Close()
    {
        _stream?.Dispose();
        _answer?.Dispose();
        (_stream, _answer) = (null, null);
    }
}
