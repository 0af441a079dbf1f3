using System.Net;

namespace Berth.Server.Protocol;

/// <summary>The peers whose forwarded headers are believed (<c>http.trustedproxies</c>).</summary>
internal sealed class TrustedProxies(LocationOptions options)
{
    public bool Has(IPAddress? peer) =>
        peer is not null && options.TrustedProxies.Count > 0 && Plain(peer) is var address && options.TrustedProxies.Any(network => network.Contains(address));

    /// <summary>The address of the client: the peer, or the last one in <c>X-Forwarded-For</c> that no trusted proxy has.</summary>
    /// <remarks>What stands before that one, the client may have written itself.</remarks>
    public IPAddress? FindClient(HttpContext context)
    {
        var client = context.Connection.RemoteIpAddress;
        if (!Has(client))
        {
            return client is null ? null : Plain(client);
        }

        var forwarded = context.Request.Headers["X-Forwarded-For"].SelectMany(line => (line ?? "").Split(',')).Reverse();
        foreach (var hop in forwarded)
        {
            if (!Has(client) || !TryParseHop(hop.Trim(), out var address))
            {
                break;
            }

            client = address;
        }

        return Plain(client!);
    }

    /// <summary>Some proxies write the port, too.</summary>
    private static bool TryParseHop(string hop, out IPAddress? address)
    {
        address = null;
        if (!IPEndPoint.TryParse(hop, out var endpoint))
        {
            return false;
        }

        address = endpoint.Address;
        return true;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
