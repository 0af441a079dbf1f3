namespace Berth.Server.Protocol;

/// <summary>Reads query parameters that may appear once.</summary>
internal static class Query
{
    /// <summary>The value; null when the parameter is absent, and also when it came twice: then nobody knows which one was meant.</summary>
    public static string? Single(HttpContext context, string name) =>
        context.Request.QueryString.HasValue && context.Request.Query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;
}
