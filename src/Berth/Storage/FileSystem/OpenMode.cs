namespace Berth.Storage.FileSystem;

internal enum OpenMode
{
    /// <summary>For reading.</summary>
    Read,

    /// <summary>For reading and writing; the file must be there.</summary>
    Continue,

    /// <summary>For reading and writing; the file is made when it is not there.</summary>
    Create,
}
