namespace Berth.Server.Authentication;

/// <summary>A file of passwords cannot be used. The message says which, where and why, and nothing of what is in it.</summary>
public sealed class HtpasswdException(string message, Exception? inner = null) : Exception(message, inner);
