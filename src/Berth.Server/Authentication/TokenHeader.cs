using System.Text.Json;

namespace Berth.Server.Authentication;

/// <summary>What counts of a token's header. RFC 7515, 4.1.</summary>
/// <param name="Crit">Extensions that must be understood; none is.</param>
internal sealed record TokenHeader(string? Alg, string? Kid, IReadOnlyList<string>? X5c, JsonElement? Crit);
