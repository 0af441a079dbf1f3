namespace Berth.Manifests;

/// <summary>A manifest whose references the repository cannot satisfy: one error for each, up to a bound.</summary>
public sealed class ManifestRefusedException(IReadOnlyList<MissingReference> missing) : Exception("manifest refused")
{
    private const int MaxErrors = 100;

    /// <summary>What the client is told; never empty.</summary>
    public IReadOnlyList<OciError> Errors { get; } = [.. missing.Take(MaxErrors).Select(ToError)];

    private static OciError ToError(MissingReference missing) => missing switch
    {
        { ActualSize: { } actual } => OciError.DescriptorSizeWrong(missing.Reference.Descriptor, actual),
        { Reference.Kind: ReferenceKind.Manifest } => OciError.ManifestChildUnknown(missing.Reference.Descriptor.Digest),
        _ => OciError.ManifestReferenceUnknown(missing.Reference.Descriptor.Digest),
    };
}
