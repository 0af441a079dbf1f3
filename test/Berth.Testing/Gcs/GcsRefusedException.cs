namespace Berth.Testing.Gcs;

/// <summary>What the server answers instead.</summary>
public sealed class GcsRefusedException(int status, string reason, string message) : Exception(message)
{
    public int Status => status;

    public string Reason => reason;
}
