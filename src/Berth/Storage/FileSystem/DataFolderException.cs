namespace Berth.Storage.FileSystem;

/// <summary>A data folder must not be used as it is. The message, for the operator, names the folder and says what to change.</summary>
public sealed class DataFolderException(string message) : Exception(message);
