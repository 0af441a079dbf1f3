namespace Berth.Storage.FileSystem.Portable;

internal static class PortableFault
{
    /// <summary>Makes a call and translates what the platform's API throws.</summary>
    public static T Translated<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Of(fault);
        }
    }

    public static StorageException Of(Exception fault) => new("a file call failed", isTransient: false, fault);
}
