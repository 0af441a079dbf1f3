using System.Net;
using Berth.Server.Configuration;
using CsCheck;

namespace Berth.Server.Tests.Configuration;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData(":5000", "", 5000, true, false)]
    [InlineData("0.0.0.0:5000", "0.0.0.0", 5000, true, false)]
    [InlineData("[::]:5000", "::", 5000, true, false)]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, false, true)]
    [InlineData("127.1.2.3:65535", "127.1.2.3", 65535, false, true)]
    [InlineData("[::1]:80", "::1", 80, false, true)]
    [InlineData("localhost:80", "localhost", 80, false, true)]
    [InlineData("LOCALHOST:80", "LOCALHOST", 80, false, true)]
    [InlineData("10.0.0.1:443", "10.0.0.1", 443, false, false)]
    [InlineData("[fe80::1%1]:80", "fe80::1%1", 80, false, false)]
    [InlineData("registry.example.com:443", "registry.example.com", 443, false, false)]
    public void An_address_says_who_can_reach_it(string text, string host, int port, bool isEveryInterface, bool isLoopback)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal((host, port, isEveryInterface, isLoopback), (address.Host, address.Port, address.IsEveryInterface, address.IsLoopback));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("5000")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData("localhost:http")]
    [InlineData("localhost:-1")]
    [InlineData("localhost:65536")]
    [InlineData("localhost: 5000")]
    [InlineData("localhost:5000/")]
    [InlineData("http://localhost:5000")]
    [InlineData("::1:5000")]
    [InlineData("[127.0.0.1]:5000")]
    [InlineData("[::1:5000")]
    [InlineData("[]:5000")]
    [InlineData("10.0.0:5000")]
    [InlineData("010.0.0.1:5000")]
    [InlineData("256.0.0.1:5000")]
    [InlineData("1:5000")]
    [InlineData("*:5000")]
    [InlineData("-a:5000")]
    [InlineData("a..b:5000")]
    [InlineData("a_b:5000")]
    [InlineData("/run/berth.sock")]
    public void What_is_not_host_and_port_is_refused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Fact]
    public void Whatever_is_accepted_reads_back_the_same() =>
        Gen.String[Gen.Char["0123456789abcdefxz.:[]-% /"], 0, 24].Sample(text =>
        {
            if (ListenAddress.TryParse(text, out var address))
            {
                Assert.True(ListenAddress.TryParse(address.ToString(), out var again), address.ToString());
                Assert.Equal(address, again);
            }
        });

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", "11.0.0.1")]
    [InlineData("10.1.2.3/8", "10.255.0.1", "11.0.0.1")]
    [InlineData("10.0.0.7", "10.0.0.7", "10.0.0.8")]
    [InlineData("fd00::/8", "fd12::1", "fe80::1")]
    [InlineData("::1", "::1", "::2")]
    [InlineData("0.0.0.0/0", "8.8.8.8", "::1")]
    public void A_network_holds_its_addresses_only(string text, string inside, string outside)
    {
        Assert.True(StrictAddress.TryParseNetwork(text, out var network));
        Assert.True(network.Contains(IPAddress.Parse(inside)));
        Assert.False(network.Contains(IPAddress.Parse(outside)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/ 8")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("/8")]
    [InlineData("fe80::1%1")]
    [InlineData("::/129")]
    [InlineData("proxy")]
    [InlineData("*")]
    public void What_is_not_a_network_is_refused(string text) => Assert.False(StrictAddress.TryParseNetwork(text, out _));
}
