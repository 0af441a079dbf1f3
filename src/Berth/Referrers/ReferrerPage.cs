namespace Berth.Referrers;

/// <summary>One page of referrers.</summary>
/// <param name="Descriptors">What the answer lists.</param>
/// <param name="Next">Where the next page starts; null when this is the last one.</param>
public sealed record ReferrerPage(IReadOnlyList<Descriptor> Descriptors, long? Next);
