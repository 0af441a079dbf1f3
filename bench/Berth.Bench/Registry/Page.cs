namespace Berth.Bench.Registry;

/// <summary>A page of a listing.</summary>
/// <param name="Names">Its entries.</param>
/// <param name="Next">Path and query of the next page; null on the last.</param>
/// <param name="Bytes">Size of the body.</param>
internal sealed record Page(IReadOnlyList<string> Names, string? Next, int Bytes);
