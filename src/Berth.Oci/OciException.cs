namespace Berth.Oci;

/// <summary>Carries a refusal to the edge where no return path exists.</summary>
/// <remarks>Distribution specification, "Error Codes".</remarks>
public sealed class OciException(OciError error) : Exception(error.Detail is null ? error.Message : $"{error.Message}: {error.Detail}")
{
    public OciError Error { get; } = error;
}
