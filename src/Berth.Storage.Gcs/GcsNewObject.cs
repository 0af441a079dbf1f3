namespace Berth.Storage.Gcs;

/// <summary>What is said of an object that is to be made.</summary>
/// <param name="Crc32c">The service refuses other bytes than these.</param>
internal sealed record GcsNewObject(string? Name = null, string? Crc32c = null, IReadOnlyDictionary<string, string>? Metadata = null)
{
    public string ContentType { get; } = "application/octet-stream";
}
