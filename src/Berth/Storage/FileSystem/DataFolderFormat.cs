using System.Text.Json.Serialization;

namespace Berth.Storage.FileSystem;

/// <summary>The content of FORMAT.</summary>
/// <param name="Version">The layout of the folder. A program refuses a version it does not know.</param>
/// <param name="Id">Tells this folder from every other.</param>
/// <param name="Created">When it was made.</param>
internal sealed record DataFolderFormat(
    [property: JsonRequired] int Version,
    [property: JsonRequired] Guid Id,
    [property: JsonRequired] DateTimeOffset Created);
