using System.Text;

namespace Berth.Server.Configuration;

/// <summary>Reads the configuration file, whatever it is, into memory of a known size.</summary>
internal static class ConfigurationFile
{
    /// <summary>Bytes; the longest real configuration is a few kilobytes.</summary>
    public const int MaxSize = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ConfigurationException">The file cannot be read, is too big, or is not UTF-8.</exception>
    public static string Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var buffer = new byte[MaxSize + 1];
            var size = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return size <= MaxSize
                ? StrictUtf8.GetString(buffer.AsSpan(0, size)).TrimStart('\ufeff')
                : throw Refuse(path, "is larger than 1 MiB, which no configuration is");
        }
        catch (DecoderFallbackException)
        {
            throw Refuse(path, "is not UTF-8 text");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refuse(path, "does not exist");
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Refuse(path, Directory.Exists(path) ? "is a folder" : $"cannot be read: {Printable.Of(exception.Message)}");
        }
    }

    private static ConfigurationException Refuse(string path, string reason) => new([new("", new Origin(path), reason)]);
}
