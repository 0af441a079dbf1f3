namespace Berth.Server.Protocol;

/// <summary>The body of <c>PUT /v2/&lt;name&gt;/tags/&lt;tag&gt;</c>.</summary>
internal sealed record TagMove(string? Digest);
