using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Berth.Server.Configuration;

/// <summary>Where to listen, as <c>host:port</c>.</summary>
public sealed record ListenAddress
{
    private static readonly SearchValues<char> HostNameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    private ListenAddress(string host, IPAddress? ip, int port)
    {
        Host = host;
        Ip = ip;
        Port = port;
    }

    /// <summary>A name, or an address without brackets; empty means every interface, IPv4 and IPv6.</summary>
    public string Host { get; }

    /// <summary>Null when <see cref="Host"/> is a name or empty.</summary>
    public IPAddress? Ip { get; }

    /// <summary>0 lets the system choose.</summary>
    public int Port { get; init; }

    public bool IsEveryInterface => Host.Length == 0 || IPAddress.Any.Equals(Ip) || IPAddress.IPv6Any.Equals(Ip);

    /// <summary>Whether only this machine can connect.</summary>
    public bool IsLoopback => Ip is null ? Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) : IPAddress.IsLoopback(Ip);

    public static ListenAddress Loopback(int port) => new("127.0.0.1", IPAddress.Loopback, port);

    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        var host = text[..colon];
        if (host is ['[', .. var inner, ']'])
        {
            var isV6 = StrictAddress.TryParse(inner, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6;
            address = isV6 ? new(inner, v6, port) : null;
        }
        else if (StrictAddress.TryParse(host, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork)
        {
            address = new(host, v4, port);
        }
        else if (host.Length == 0 || IsHostName(host))
        {
            address = new(host, ip: null, port);
        }

        return address is not null;
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>A name has a letter somewhere in its last label, so that <c>10.0.0</c> is a mistyped address and not a name.</summary>
    private static bool IsHostName(string host) =>
        host.Length <= 253
        && !host.AsSpan().ContainsAnyExcept(HostNameCharacters)
        && host.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-')
        && host.AsSpan(host.LastIndexOf('.') + 1).ContainsAnyExceptInRange('0', '9');
}
