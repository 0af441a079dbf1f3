namespace Berth.Tags;

/// <summary>A tag and the manifest it points at.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="MediaType">The manifest's media type.</param>
/// <param name="Size">The manifest's own size in bytes.</param>
/// <param name="CreatedAt">When the tag first existed.</param>
/// <param name="UpdatedAt">When it was last pushed or moved.</param>
public sealed record TagRow(Tag Tag, Digest Digest, string MediaType, long Size, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
