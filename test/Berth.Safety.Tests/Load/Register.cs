namespace Berth.Safety.Tests.Load;

/// <summary>The names of the registers that a registry consists of.</summary>
public static class Register
{
    public static string Blob(string repository, string digest) => $"blob {repository}@{digest}";

    public static string Manifest(string repository, string digest) => $"manifest {repository}@{digest}";

    public static string Tag(string repository, string tag) => $"tag {repository}:{tag}";
}
