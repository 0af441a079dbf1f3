using System.Globalization;

namespace Berth.Server.Protocol;

/// <summary>The <c>n</c> and <c>last</c> of a listing, and the <c>Link</c> to its next page. Distribution specification, "Listing Tags".</summary>
internal static class Paging
{
    /// <summary>Page size asked for; null when none was.</summary>
    /// <exception cref="OciException">PAGINATION_NUMBER_INVALID.</exception>
    public static int? Size(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || !context.Request.Query.TryGetValue("n", out var values))
        {
            return null;
        }

        return values is [{ Length: > 0 } text] && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : int.MaxValue
            : throw new OciException(OciError.PageSizeInvalid(values.ToString()));
    }

    /// <summary>Where the page starts: after this entry, which need not exist.</summary>
    public static string? Last(HttpContext context) => Query.Single(context, "last") is { Length: > 0 } last ? last : null;

    /// <summary>Links to the next page.</summary>
    /// <param name="path">The path of the listing as the client sees it.</param>
    public static void LinkNext(HttpContext context, string path, string last, int size, string? filter = null)
    {
        var query = $"last={Uri.EscapeDataString(last)}&n={size}{(filter is null ? "" : $"&artifactType={Uri.EscapeDataString(filter)}")}";
        context.Response.Headers.Link = $"<{path}?{query}>; rel=\"next\"";
    }
}
