namespace Berth.Testing;

/// <summary>A folder for one test, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("berth-");

    public string FullPath => _folder.FullName;

    /// <summary>A path inside it.</summary>
    public string this[string relative] => Path.Combine(_folder.FullName, relative);

    public void Dispose() => _folder.Delete(recursive: true);
}
