using System.Globalization;
using Berth.Storage.S3;

namespace Berth.Server.Configuration;

/// <summary>The section <c>storage.s3</c>, which has <c>storage.s3aws</c> for another name.</summary>
internal static class S3Section
{
    private static readonly string[] Names = ["storage.s3", "storage.s3aws"];

    /// <summary>Null when the objects are not in S3.</summary>
    public static S3Options? Read(SettingReader settings)
    {
        if (Array.Find(Names, settings.IsNamed) is not { } section)
        {
            return null;
        }

        var options = ReadOptions(settings, section);
        foreach (var (key, text) in options.FindMistakes())
        {
            settings.Error($"{section}.{key}", text);
        }

        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
        {
            settings.Warn(section, "has only one of accesskey and secretkey, and so neither counts");
        }

        return options;
    }

    private static S3Options ReadOptions(SettingReader settings, string section)
    {
        var defaults = new S3Options();
        return new()
        {
            AccessKey = settings.Text($"{section}.accesskey"),
            SecretKey = settings.Text($"{section}.secretkey"),
            Region = settings.Text($"{section}.region"),
            RegionEndpoint = settings.Text($"{section}.regionendpoint"),
            ForcePathStyle = settings.Flag($"{section}.forcepathstyle") ?? defaults.ForcePathStyle,
            Bucket = settings.Text($"{section}.bucket") ?? defaults.Bucket,
            Encrypt = settings.Flag($"{section}.encrypt") ?? defaults.Encrypt,
            KeyId = settings.Text($"{section}.keyid"),
            Secure = settings.Flag($"{section}.secure") ?? defaults.Secure,
            SkipVerify = settings.Flag($"{section}.skipverify") ?? defaults.SkipVerify,
            ChunkSize = settings.Parsed<long>($"{section}.chunksize", defaults.ChunkSize, TryParseBytes, "a whole number of bytes"),
            RootDirectory = settings.Text($"{section}.rootdirectory") ?? defaults.RootDirectory,
            StorageClass = settings.Text($"{section}.storageclass") ?? defaults.StorageClass,
            UserAgent = settings.Text($"{section}.useragent"),
            ObjectAcl = settings.Text($"{section}.objectacl") ?? defaults.ObjectAcl,
            UseDualstack = settings.Flag($"{section}.usedualstack") ?? defaults.UseDualstack,
            Accelerate = settings.Flag($"{section}.accelerate") ?? defaults.Accelerate,
            UseFipsEndpoint = settings.Flag($"{section}.usefipsendpoint") ?? defaults.UseFipsEndpoint,
            RedirectEndpoint = settings.Text($"{section}.redirectendpoint"),
            Checksums = settings.Flag($"{section}.checksums") ?? defaults.Checksums,
        };
    }

    private static bool TryParseBytes(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
