namespace Berth.Server.Protocol;

/// <summary>The answer of <c>GET /v2/&lt;name&gt;/tags/&lt;tag&gt;</c>.</summary>
internal sealed record TagDocument(string Name, Digest Digest, string MediaType, long Size, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
