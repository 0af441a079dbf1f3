using Berth.Storage;

namespace Berth.Uploads;

/// <summary>An upload session.</summary>
/// <param name="Id">Its public name.</param>
/// <param name="Key">The object being staged.</param>
/// <param name="Repository">The repository it belongs to.</param>
/// <param name="Algorithm">What its bytes are hashed with as they come.</param>
/// <param name="Offset">Bytes that are durable.</param>
/// <param name="Parts">Where the store has them, in its own words; null when it needs none.</param>
/// <param name="HashState">The running hash of them, for whichever node goes on; null when it has to be computed anew.</param>
/// <param name="Owner">The name of who started it; null: somebody without one.</param>
public sealed record UploadRow(
    UploadId Id,
    BlobKey Key,
    RepositoryName Repository,
    DigestAlgorithm Algorithm,
    long Offset,
    string? Parts = null,
    string? HashState = null,
    string? Owner = null);
