using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Berth.Server.Authentication;

/// <summary>The file of names and passwords; what it says is read again when it has changed.</summary>
internal sealed partial class HtpasswdFile
{
    /// <summary>Bytes; some sixty thousand users.</summary>
    private const int MaxSize = 4 * 1024 * 1024;

    private const string FirstUser = "docker";

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private Reading _current;

    /// <exception cref="HtpasswdException">The file cannot be read or made, or a line is no entry.</exception>
    public HtpasswdFile(string path, Func<string, string> hash, ILogger logger)
    {
        (_path, _logger) = (path, logger);
        Guard(() => CreateIfMissing(hash));
        _current = Guard(Read);
        Report(_current.Users);
    }

    /// <summary>The users that the file has now; those of before while it cannot be read.</summary>
    public HtpasswdUsers Users
    {
        get
        {
            var stamp = FindStamp();
            if (stamp != _current.Stamp)
            {
                Reread(stamp);
            }

            return _current.Users;
        }
    }

    private void Reread(Stamp stamp)
    {
        lock (_reading)
        {
            if (stamp == _current.Stamp)
            {
                return; // another request was faster
            }

            try
            {
                _current = Guard(Read);
                Log.Reread(_logger, _current.Users.Count);
                Report(_current.Users);
            }
            catch (HtpasswdException refusal)
            {
                _current = _current with { Stamp = stamp }; // said once, until it changes again
                Log.Unreadable(_logger, refusal.Message);
            }
        }
    }

    /// <summary>That of no file at all when there is none.</summary>
    private Stamp FindStamp()
    {
        try
        {
            using var file = File.OpenHandle(_path);
            return Stamp.Of(file);
        }
        catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private Reading Read()
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var stamp = Stamp.Of(file); // before its content: what is written meanwhile will be seen the next time
        var buffer = new byte[Math.Min(stamp.Size, MaxSize) + 1];
        var size = RandomAccess.Read(file, buffer, fileOffset: 0);
        return size <= MaxSize
            ? new Reading(stamp, HtpasswdUsers.Parse(Encoding.UTF8.GetString(buffer, 0, size)))
            : throw new FormatException("it is larger than 4 MiB");
    }

    /// <summary>As distribution does: nobody is locked out of a new registry, and no password is known before it starts.</summary>
    private bool CreateIfMissing(Func<string, string> hash)
    {
        if (File.Exists(_path))
        {
            return false;
        }

        var password = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(_path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        using var file = new FileStream(_path, options);
        file.Write(Encoding.UTF8.GetBytes($"{FirstUser}:{hash(password)}\n"));
        Log.Created(_logger, _path, FirstUser, password);
        return true;
    }

    private T Guard<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException or ArgumentException or NotSupportedException)
        {
            throw new HtpasswdException($"auth.htpasswd.path: the file {_path} cannot be used: {fault.Message}", fault);
        }
    }

    private void Report(HtpasswdUsers users)
    {
        foreach (var line in users.UnusableLines)
        {
            Log.Unusable(_logger, _path, line);
        }
    }

    private sealed record Reading(Stamp Stamp, HtpasswdUsers Users);

    /// <summary>What changes when a file is written to or replaced, also by a link that leads elsewhere.</summary>
    private readonly record struct Stamp(long Size, DateTime Written, DateTime Created)
    {
        public static Stamp Of(Microsoft.Win32.SafeHandles.SafeFileHandle file) =>
            new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), File.GetCreationTimeUtc(file));
    }

    private static partial class Log
    {
        [LoggerMessage(2100, LogLevel.Warning, "The file of passwords {Path} was missing and is made with one user: {User}, whose password is {Password} and is shown only here")]
        public static partial void Created(ILogger logger, string path, string user, string password);

        [LoggerMessage(2101, LogLevel.Information, "The file of passwords has changed: {Count} users can log in")]
        public static partial void Reread(ILogger logger, int count);

        [LoggerMessage(2102, LogLevel.Warning, "The user at line {Line} of {Path} cannot log in: only passwords hashed with bcrypt are taken (htpasswd -B)")]
        public static partial void Unusable(ILogger logger, string path, int line);

        [LoggerMessage(2103, LogLevel.Error, "The file of passwords has changed and cannot be used; the users of before can log in. {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
