using System.Buffers.Binary;
using System.Net;

namespace Berth.Storage.S3.CloudFront;

/// <summary>A set of networks that is asked with every pull: sorted, without overlaps, searched in halves.</summary>
internal sealed class AddressRanges
{
    private readonly UInt128[] _first;
    private readonly UInt128[] _last;

    public AddressRanges(IEnumerable<IPNetwork> networks)
    {
        var (first, last) = (new List<UInt128>(), new List<UInt128>());
        foreach (var (start, end) in networks.Select(Bounds).Order())
        {
            if (last.Count > 0 && start <= last[^1])
            {
                last[^1] = UInt128.Max(last[^1], end);
                continue;
            }

            first.Add(start);
            last.Add(end);
        }

        (_first, _last) = ([.. first], [.. last]);
    }

    public int Count => _first.Length;

    public bool Contains(IPAddress address)
    {
        var number = Number(address);
        var found = Array.BinarySearch(_first, number);
        return found >= 0 || (~found > 0 && number <= _last[~found - 1]);
    }

    private static (UInt128 First, UInt128 Last) Bounds(IPNetwork network)
    {
        var bits = network.BaseAddress.GetAddressBytes().Length * 8;
        var first = Number(network.BaseAddress);
        var hosts = bits - network.PrefixLength;
        return (first, hosts == 128 ? UInt128.MaxValue : first | ((UInt128.One << hosts) - 1));
    }

    private static UInt128 Number(IPAddress address) => BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes());
}
