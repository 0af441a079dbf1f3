namespace Berth.Oci;

/// <summary>Carries a refusal to the edge where no return path exists.</summary>
public sealed class OciException(OciError error) : Exception(error.Message)
{
    public OciError Error { get; } = error;
}
