using Berth.Metadata;
using Berth.Storage;

namespace Berth.Migration;

/// <summary>A registry's stores, as what is moved or where it is moved to.</summary>
public sealed record MigrationSide(IMetadataStore Metadata, IBlobStore Blobs);
