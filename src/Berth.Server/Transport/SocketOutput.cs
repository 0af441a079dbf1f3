using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Berth.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.Win32.SafeHandles;

namespace Berth.Server.Transport;

/// <summary>Writes to a client's socket when it is flushed, on the thread that flushes; parts of files by <c>sendfile</c>.</summary>
/// <remarks>
/// Kestrel's own output is a pipe that another task empties into the socket: a hand-over for each answer, and a copy of each byte of a file.
/// A flush ends when the kernel has taken everything, so a slow client holds back its own request, and memory for one flush.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class SocketOutput(ConnectionContext connection, Socket socket, MemoryPool<byte> pool) : PipeWriter, IFileOutput, IDisposable
{
    /// <summary>
    /// Stands for bytes of a file on the way from the response to the socket: Kestrel counts them, and here they are replaced. Never touched,
    /// so it takes addresses but no memory. Its size is the most in one flush, in which a client has to take them by Kestrel's minimal rate.
    /// </summary>
    private static readonly byte[] Placeholder = GC.AllocateUninitializedArray<byte>(1 << 20);

    /// <summary>Nothing is written to it, but its end is what makes Kestrel close the socket.</summary>
    private readonly PipeWriter _kestrels = connection.Transport.Output;

    private readonly List<Block> _full = [];
    private Block _block;
    private FilePart _file;
    private bool _isCancelled;
    private bool _isEnded;

    public StorageException? Fault { get; private set; }

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _full.Sum(block => (long)block.Written) + _block.Written + _file.Length;

    public int Write(PipeWriter response, SafeFileHandle file, long offset, long length)
    {
        _file = new FilePart(file, offset);
        var memory = response.GetMemory();
        if (!MemoryMarshal.TryGetArray<byte>(memory, out var segment) || segment.Array != Placeholder)
        {
            _file = default;
            return 0;
        }

        response.Advance((int)Math.Min(length, memory.Length));
        return _file.Length;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_file.Handle is not null)
        {
            return Placeholder;
        }

        if (_block.Owner is null || _block.Free.Length < Math.Max(sizeHint, 1))
        {
            if (_block.Written > 0)
            {
                _full.Add(_block);
            }
            else
            {
                _block.Owner?.Dispose();
            }

            _block = new Block(sizeHint <= pool.MaxBufferSize ? pool.Rent() : MemoryPool<byte>.Shared.Rent(sizeHint));
        }

        return _block.Free;
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_file.Handle is not null)
        {
            _file.Length += bytes;
        }
        else
        {
            _block.Written += bytes;
        }
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (!_isEnded)
            {
                await SendAsync(cancellationToken);
            }
        }
        catch (StorageException fault)
        {
            Fault = fault;
            End();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End();
        }
        finally
        {
            Clear();
        }

        return new FlushResult(Interlocked.Exchange(ref _isCancelled, false), _isEnded);
    }

    public override void CancelPendingFlush() => Volatile.Write(ref _isCancelled, true);

    public override void Complete(Exception? exception = null)
    {
        _isEnded = true;
        _kestrels.Complete(exception);
    }

    public void Dispose() => Clear();

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        foreach (var block in _full)
        {
            await socket.SendWholeAsync(block.Content, cancellationToken);
        }

        if (_block.Written > 0)
        {
            await socket.SendWholeAsync(_block.Content, cancellationToken);
        }

        if (_file.Length > 0)
        {
            await socket.SendFileAsync(_file.Handle!, _file.Offset, _file.Length, cancellationToken);
        }
    }

    /// <summary>Some of what was promised has not left: no answer may follow on this connection.</summary>
    private void End()
    {
        _isEnded = true;
        connection.Abort();
    }

    private void Clear()
    {
        _full.ForEach(block => block.Owner!.Dispose());
        _full.Clear();
        _block.Owner?.Dispose();
        (_block, _file) = (default, default);
    }

    private struct Block(IMemoryOwner<byte> owner)
    {
        public readonly IMemoryOwner<byte>? Owner = owner;
        public int Written;

        public readonly ReadOnlyMemory<byte> Content => Owner!.Memory[..Written];

        public readonly Memory<byte> Free => Owner!.Memory[Written..];
    }

    private struct FilePart(SafeFileHandle handle, long offset)
    {
        public readonly SafeFileHandle? Handle = handle;
        public readonly long Offset = offset;
        public int Length;
    }
}
