namespace Berth.Oci;

/// <summary>The platform an index entry is for; only what the registry decides by.</summary>
public sealed record Platform(string? Os, string? Architecture);
