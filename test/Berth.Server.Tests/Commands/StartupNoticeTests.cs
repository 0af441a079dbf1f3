using Berth.Server.Commands;
using Berth.Server.Configuration;

namespace Berth.Server.Tests.Commands;

public sealed class StartupNoticeTests
{
    [Fact]
    public void A_newcomer_reads_where_it_is_who_reaches_it_and_what_to_type()
    {
        var configuration = new BerthConfiguration { Storage = new() { RootDirectory = "/srv/berth-data" } };

        Assert.Equal(
            """
            Berth 1.2.3 listens on http://127.0.0.1:5000
            Data folder: /srv/berth-data

            Nobody has to log in, so only this machine can connect. To open it to the network, set http.addr in a
            configuration file, or start it with REGISTRY_HTTP_ADDR=:5000

            Push an image, with the client that you have:
              docker tag IMAGE localhost:5000/hello:1
              docker push localhost:5000/hello:1

              podman push --tls-verify=false IMAGE localhost:5000/hello:1

              skopeo copy --dest-tls-verify=false docker-archive:IMAGE.tar docker://localhost:5000/hello:1

            """,
            StartupNotice.Render("1.2.3", configuration, port: 5000));
    }

    [Theory]
    [InlineData(":5000", null, 5000, "localhost:5000")]
    [InlineData("0.0.0.0:80", null, 80, "localhost:80")]
    [InlineData("[::1]:0", null, 41234, "localhost:41234")]
    [InlineData("10.0.0.1:5000", null, 5000, "10.0.0.1:5000")]
    [InlineData("[fd00::1]:5000", null, 5000, "[fd00::1]:5000")]
    [InlineData(":5000", "http://registry.example.com:8080", 5000, "registry.example.com:8080")]
    public void Clients_are_told_the_address_that_works(string address, string? host, int port, string registry)
    {
        var notice = Render(address, host, port);

        Assert.Contains($"docker push {registry}/hello:1\n", notice, StringComparison.Ordinal);
        Assert.Contains($"--tls-verify=false IMAGE {registry}/hello:1\n", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_proxy_with_TLS_clients_verify_it()
    {
        var notice = Render(":5000", "https://registry.example.com", 5000);

        Assert.Contains("podman push IMAGE registry.example.com/hello:1", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("tls-verify", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_to_the_network_it_says_that_nobody_has_to_log_in()
    {
        Assert.Contains("whoever reaches this address can push, pull and delete", Render(":5000", null, 5000), StringComparison.Ordinal);
        Assert.DoesNotContain("whoever", Render("localhost:5000", null, 5000), StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_registry_does_not_ask_for_a_push()
    {
        var notice = StartupNotice.Render("1.2.3", new() { Storage = new() { IsReadOnly = true } }, port: 5000);

        Assert.Contains("docker pull localhost:5000/hello:1", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("docker push", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void With_authentication_it_says_how_to_log_in_and_what_must_not_cross_a_network_in_the_clear()
    {
        Assert.True(ListenAddress.TryParse(":5000", out var everywhere));
        var configuration = new BerthConfiguration { Authentication = new() { Htpasswd = new("r", "htpasswd") } };

        var local = StartupNotice.Render("1.2.3", configuration, port: 5000);
        var open = StartupNotice.Render("1.2.3", configuration with { Http = new() { Address = everywhere, IsAddressDefault = false } }, port: 5000);

        Assert.Contains("docker login localhost:5000\nOnly this machine can connect; to open it to the network, set http.addr.", local, StringComparison.Ordinal);
        Assert.Contains("put a proxy with TLS in front", open, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody has to log in", local + open, StringComparison.Ordinal);
    }

    private static string Render(string address, string? host, int port)
    {
        Assert.True(ListenAddress.TryParse(address, out var parsed));
        var http = new HttpOptions { Address = parsed, IsAddressDefault = false, Host = host is null ? null : new(host) };
        return StartupNotice.Render("1.2.3", new() { Http = http }, port);
    }
}
