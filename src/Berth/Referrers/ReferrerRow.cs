namespace Berth.Referrers;

/// <summary>A manifest that refers to another one.</summary>
/// <param name="Position">Grows with every push; where the next page starts.</param>
/// <param name="Descriptor">What the referrers answer says about it.</param>
public sealed record ReferrerRow(long Position, Descriptor Descriptor);
