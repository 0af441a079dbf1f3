namespace Berth.Storage.FileSystem;

/// <summary>Another process has the data folder open.</summary>
public sealed class DataFolderInUseException(string path) : Exception($"The data folder '{path}' is in use by another process.");
