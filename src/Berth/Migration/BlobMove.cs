using System.IO.Pipelines;
using Berth.Access;
using Berth.Metadata;
using Berth.Storage;
using Berth.Uploads;

namespace Berth.Migration;

/// <summary>Copies blobs as a client pushes them: staged, hashed on the way, committed, and only then a row.</summary>
internal sealed class BlobMove(MigrationSide source, UploadSessions uploads, MigrationReport report, MigrationProgress progress)
{
    /// <summary>Bytes that are read at once.</summary>
    private const int ReadBlock = 256 * 1024;

    /// <exception cref="StorageException">One of the two sides is away. What only concerns this blob is reported.</exception>
    public async ValueTask RunAsync(StoredBlob blob, CancellationToken cancellationToken)
    {
        using var content = await OpenAsync(blob, cancellationToken);
        if (content is not null)
        {
            await CopyAsync(blob, content, cancellationToken);
        }

        progress.AddBlob();
    }

    /// <summary>Null when there is nothing to copy: the object is not right, which is reported, or the blob is gone by now.</summary>
    private async Task<IBlobContent?> OpenAsync(StoredBlob blob, CancellationToken cancellationToken)
    {
        var row = blob.Row;
        try
        {
            var content = await source.Blobs.OpenAsync(row.Key, row.Digest, cancellationToken);
            if (content?.Length == row.Size)
            {
                return content;
            }

            var actual = content is null ? "is missing" : $"has {content.Length} bytes";
            content?.Dispose();
            await ReportAsync(blob, $"its object {row.Key} should have {row.Size} bytes but {actual}", cancellationToken);
        }
        catch (StorageException fault) when (!fault.IsTransient)
        {
            await ReportAsync(blob, $"its object {row.Key} cannot be read: {fault.Message}", cancellationToken);
        }

        return null;
    }

    private async Task CopyAsync(StoredBlob blob, IBlobContent content, CancellationToken cancellationToken)
    {
        var (repository, row) = blob;
        var upload = await uploads.StartAsync(Caller.Local, repository, row.Digest.Algorithm, cancellationToken);
        await using var stream = new SourceStream(content, progress);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBlock, leaveOpen: true));
        try
        {
            await uploads.FinishAsync(Caller.Local, repository, upload.Id, row.Digest, new UploadBody(reader, Length: row.Size), cancellationToken);
        }
        catch (OciException refusal) when (refusal.Error.Code == OciErrorCode.DigestInvalid)
        {
            await uploads.CancelAsync(Caller.Local, repository, upload.Id, cancellationToken);
            await ReportAsync(blob, $"the bytes of its object {row.Key} do not hash to it", cancellationToken);
        }
        catch (OciException refusal)
        {
            throw new StorageException($"A blob could not be copied: {refusal.Error.Message}.", isTransient: true, refusal);
        }
        catch (IOException) when (stream.Fault is { IsTransient: false } fault)
        {
            await uploads.CancelAsync(Caller.Local, repository, upload.Id, cancellationToken);
            await ReportAsync(blob, $"its object {row.Key} cannot be read: {fault.Message}", cancellationToken);
        }
        catch (IOException) when (stream.Fault is { } fault)
        {
            throw new StorageException(fault.Message, fault.IsTransient, fault);
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Reports it, unless another object has taken its place meanwhile, or it is gone.</summary>
    private async Task ReportAsync(StoredBlob blob, string message, CancellationToken cancellationToken)
    {
        if (await source.Metadata.Blobs.FindAnywhereAsync(blob.Row.Digest, cancellationToken) == blob.Row)
        {
            report.Add(blob.Row.Digest.Value, $"was not moved: {message}");
        }
    }
}
