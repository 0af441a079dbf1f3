namespace Berth.Storage.Middleware;

/// <summary>Addresses made of a base and the name of an object.</summary>
public static class ObjectAddress
{
    /// <param name="baseUrl">An absolute address, with or without a slash at its end, with neither query nor fragment.</param>
    /// <param name="name">See <see cref="INamedObjects.FindName"/>; what an address cannot hold is escaped.</param>
    public static Uri Of(Uri baseUrl, string name) =>
        new($"{baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");
}
