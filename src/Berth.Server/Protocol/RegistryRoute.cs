namespace Berth.Server.Protocol;

/// <summary>What a path below <c>/v2</c> means, its repository name parsed. A route template cannot say it: names have slashes.</summary>
internal readonly record struct RegistryRoute(RouteKind Kind, RepositoryName Repository, string Reference)
{
    /// <summary>Reads a path from the right: its last two segments say what it is about, all before them is the repository.</summary>
    /// <param name="path">What follows <c>/v2</c>.</param>
    /// <returns>Null when the path means nothing.</returns>
    /// <exception cref="OciException">NAME_INVALID.</exception>
    public static RegistryRoute? Parse(ReadOnlySpan<char> path)
    {
        if (path is "" or "/")
        {
            return new RegistryRoute(RouteKind.Base, default, "");
        }

        if (path is "/_catalog")
        {
            return new RegistryRoute(RouteKind.Catalog, default, "");
        }

        var last = path.LastIndexOf('/');
        var middle = path[..last].LastIndexOf('/');
        if (middle <= 0)
        {
            return null;
        }

        var name = path[1..middle];
        var reference = path[(last + 1)..];
        return path[(middle + 1)..last] switch
        {
            "manifests" => Of(RouteKind.Manifest, name, reference),
            "referrers" => Of(RouteKind.Referrers, name, reference),
            "tags" => Of(RouteKind.Tag, name, reference),
            "blobs" when reference is "uploads" => Of(RouteKind.UploadStart, name, ""),
            "blobs" => Of(RouteKind.Blob, name, reference),
            "uploads" when name.EndsWith("/blobs") => Of(reference is "" ? RouteKind.UploadStart : RouteKind.Upload, name[..^"/blobs".Length], reference),
            _ => null,
        };
    }

    private static RegistryRoute Of(RouteKind kind, ReadOnlySpan<char> name, ReadOnlySpan<char> reference) =>
        new(kind, RepositoryName.Parse(name), reference.ToString());
}
