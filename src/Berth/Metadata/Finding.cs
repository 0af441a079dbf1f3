namespace Berth.Metadata;

/// <summary>A breach of an invariant.</summary>
/// <param name="Invariant">Which one: F1 to F12, as the documentation of fsck lists them.</param>
/// <param name="Subject">What is concerned, such as <c>team/app:latest</c>.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record Finding(string Invariant, string Subject, string Message);
