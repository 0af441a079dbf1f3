namespace Berth.Storage.Gcs;

/// <summary>The order to make one object of others.</summary>
/// <param name="DeleteSourceObjects">Whether the parts go away with that. They are then not kept for a while as what a client deletes may be.</param>
internal sealed record GcsComposition(IReadOnlyList<GcsSource> SourceObjects, GcsNewObject Destination, bool DeleteSourceObjects);
