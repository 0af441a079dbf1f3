namespace Berth.Oci;

/// <summary>One digest that a manifest names. The subject is none: it may be absent for ever.</summary>
public sealed record ManifestReference(Descriptor Descriptor, ReferenceKind Kind);
