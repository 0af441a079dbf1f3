using System.Net;

namespace Berth.Server.Protocol;

/// <summary>How the registry names itself to clients.</summary>
public sealed record LocationOptions
{
    /// <summary>The address clients use, with a path if the registry is below one (<c>http.host</c>). Wins over everything.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>True: locations are always relative. False: absolute from the request's Host. Null: relative unless a trusted proxy says more.</summary>
    public bool? IsRelative { get; init; }

    /// <summary>The peers whose forwarded headers are believed. Default: none.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}
