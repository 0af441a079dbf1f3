namespace Berth.Storage.FileSystem;

internal static class FileCallsExtensions
{
    /// <summary>Deletes a file that a failed call left behind, as well as it can.</summary>
    public static void Discard(this IFileCalls calls, string path)
    {
        try
        {
            calls.Delete(path);
        }
        catch (StorageException)
        {
            // The fault that led here is the one to report. The key stays recorded, so the file is found and deleted later.
        }
    }
}
