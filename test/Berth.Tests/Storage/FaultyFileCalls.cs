using Berth.Storage.FileSystem;
using Berth.Storage.FileSystem.Linux;
using Microsoft.Win32.SafeHandles;

namespace Berth.Tests.Storage;

/// <summary>Real file calls, of which one fails, or which do only part of what they are asked for.</summary>
internal sealed class FaultyFileCalls(IFileCalls calls) : IFileCalls
{
    /// <summary>Calls made so far.</summary>
    public int Count { get; private set; }

    /// <summary>The number of the call that fails, counted from 1; zero for none.</summary>
    public int FailAt { get; set; }

    public Errno Error { get; init; }

    /// <summary>Whether the call that fails has its effect all the same.</summary>
    public bool AfterEffect { get; init; }

    /// <summary>Whether reads and writes stop half way.</summary>
    public bool Short { get; init; }

    public IOpenFile? Open(string path, OpenMode mode)
    {
        var file = Call(() => calls.Open(path, mode));
        return file is null ? null : new FaultyFile(this, file);
    }

    public bool Rename(string from, string to) => Call(() => calls.Rename(from, to));

    public void CreateDirectory(string path) => Call(() => calls.CreateDirectory(path));

    public void SyncDirectory(string path) => Call(() => calls.SyncDirectory(path));

    public bool Delete(string path) => Call(() => calls.Delete(path));

    public IEnumerable<DirectoryEntry> List(string path) => Call(() => calls.List(path));

    public bool TryLock(string path) => Call(() => calls.TryLock(path));

    public void Dispose() => calls.Dispose();

    private T Call<T>(Func<T> call)
    {
        Before();
        var result = call();
        After(result as IDisposable);
        return result;
    }

    private void Call(Action call)
    {
        Before();
        call();
        After(null);
    }

    private void Before()
    {
        if (++Count == FailAt && !AfterEffect)
        {
            throw FileFault.Of("a call", Error);
        }
    }

    private void After(IDisposable? result)
    {
        if (Count == FailAt && AfterEffect)
        {
            result?.Dispose();
            throw FileFault.Of("a call", Error);
        }
    }

    private sealed class FaultyFile(FaultyFileCalls faults, IOpenFile file) : IOpenFile
    {
        public long Length => file.Length;

        public SafeFileHandle? Handle => null; // what the kernel sends by itself, no fault here would reach

        public int Read(Span<byte> buffer, long offset)
        {
            faults.Before();
            var read = file.Read(buffer[..Part(buffer.Length)], offset);
            faults.After(null);
            return read;
        }

        public int Write(ReadOnlySpan<byte> content, long offset)
        {
            faults.Before();
            var written = file.Write(content[..Part(content.Length)], offset);
            faults.After(null);
            return written;
        }

        public void Truncate(long length) => faults.Call(() => file.Truncate(length));

        public void MakeReadOnly() => faults.Call(file.MakeReadOnly);

        public void Sync() => faults.Call(file.Sync);

        public void Dispose() => file.Dispose();

        private int Part(int length) => faults.Short ? (length + 1) / 2 : length;
    }
}
