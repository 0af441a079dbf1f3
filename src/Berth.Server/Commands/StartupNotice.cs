using Berth.Server.Configuration;

namespace Berth.Server.Commands;

/// <summary>What the server says once when it listens: where it is, who can reach it, and what to type next.</summary>
public static class StartupNotice
{
    /// <param name="port">The port that it listens on, which the system may have chosen.</param>
    public static string Render(string version, BerthConfiguration configuration, int port)
    {
        var address = configuration.Http.Address with { Port = port };
        var registry = Registry(configuration.Http.Host, address);
        var isPlain = configuration.Http.Host?.Scheme != Uri.UriSchemeHttps;
        string[] paragraphs =
        [
            $"""
            Berth {version} listens on {(address.IsEveryInterface ? $"every interface, port {port}" : $"http://{address}")}
            Data folder: {Path.GetFullPath(configuration.Storage.RootDirectory)}
            """,
            configuration.Authentication.IsNone ? Reach(configuration.Http, address) : Login(registry, configuration.Http, address),
            configuration.Storage.IsReadOnly ? Pull(registry, isPlain) : Push(registry, isPlain),
        ];
        return string.Join("\n\n", paragraphs) + "\n";
    }

    /// <summary>What clients type before the name of the repository.</summary>
    private static string Registry(Uri? host, ListenAddress address) =>
        host?.Authority ?? (address.IsEveryInterface || address.IsLoopback ? $"localhost:{address.Port}" : address.ToString());

    private static string Reach(HttpOptions http, ListenAddress address) => (http.IsAddressDefault, address.IsLoopback) switch
    {
        (true, _) =>
            """
            Nobody has to log in, so only this machine can connect. To open it to the network, set http.addr in a
            configuration file, or start it with REGISTRY_HTTP_ADDR=:5000
            """,
        (_, true) => "Nobody has to log in; only this machine can connect.",
        _ =>
            """
            Nobody has to log in: whoever reaches this address can push, pull and delete.
            Docker on other machines wants TLS: put a proxy in front, or list this registry in their "insecure-registries".
            """,
    };

    private static string Login(string registry, HttpOptions http, ListenAddress address) =>
        $"""
        Clients log in: docker login {registry}
        {(address.IsLoopback
            ? $"Only this machine can connect{(http.IsAddressDefault ? "; to open it to the network, set http.addr" : "")}."
            : "Passwords and tokens must not cross a network in the clear: put a proxy with TLS in front.")}
        """;

    private static string Push(string registry, bool isPlain) =>
        $"""
        Push an image, with the client that you have:
          docker tag IMAGE {registry}/hello:1
          docker push {registry}/hello:1

          podman push {(isPlain ? "--tls-verify=false " : "")}IMAGE {registry}/hello:1

          skopeo copy {(isPlain ? "--dest-tls-verify=false " : "")}docker-archive:IMAGE.tar docker://{registry}/hello:1
        """;

    private static string Pull(string registry, bool isPlain) =>
        $"""
        It is read-only. Pull an image, with the client that you have:
          docker pull {registry}/hello:1
          podman pull {(isPlain ? "--tls-verify=false " : "")}{registry}/hello:1
          skopeo inspect {(isPlain ? "--tls-verify=false " : "")}docker://{registry}/hello:1
        """;
}
