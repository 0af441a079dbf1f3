using System.Globalization;

namespace Berth.Server.Protocol;

/// <summary><c>/v2/&lt;name&gt;/referrers/&lt;digest&gt;</c>. Distribution specification: end-12.</summary>
internal sealed class ReferrerEndpoints(Registry registry, Locations locations)
{
    private const int MaxSize = 1000;

    /// <summary>An index of the manifests that refer to a digest: empty when there are none, or no such repository or digest.</summary>
    public async Task ListAsync(HttpContext context, RegistryRoute route)
    {
        var subject = Digest.Parse(route.Reference);
        var filter = Query.Single(context, "artifactType") is { Length: > 0 } type ? type : null;
        var size = Math.Clamp(Paging.Size(context) ?? MaxSize, 1, MaxSize);
        var after = long.TryParse(Paging.Last(context), NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : 0;
        var page = await registry.Referrers.ListAsync(context.Caller, route.Repository, subject, filter, after, size, context.RequestAborted);
        if (filter is not null)
        {
            context.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        if (page.Next is { } next)
        {
            Paging.LinkNext(context, locations.PathOf(context.Request), next.ToString(CultureInfo.InvariantCulture), size, filter);
        }

        await Answer.JsonAsync(context, new ReferrerIndex(page.Descriptors), OciJson.Wire.ReferrerIndex, MediaTypes.OciImageIndex);
    }
}
