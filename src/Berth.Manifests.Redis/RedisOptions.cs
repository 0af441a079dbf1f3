using StackExchange.Redis;

namespace Berth.Manifests.Redis;

/// <summary>Where Redis is, by the keys of distribution's section <c>redis</c>.</summary>
public sealed record RedisOptions
{
    /// <summary>One server, the nodes of a cluster, or sentinels, each <c>host:port</c> (<c>addrs</c>).</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The group that the sentinels watch (<c>mastername</c>); null: the addresses are no sentinels'.</summary>
    public string? MasterName { get; init; }

    /// <summary>How this node calls itself (<c>clientname</c>).</summary>
    public string? ClientName { get; init; }

    /// <summary><c>db</c>.</summary>
    public int Database { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>How long connecting may take (<c>dialtimeout</c>). Default: 5 seconds.</summary>
    public TimeSpan DialTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may take before the database is asked instead (<c>readtimeout</c>). Default: 500 ms.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>PEM files of this node's own certificate and key (<c>tls.certificate</c>, <c>tls.key</c>).</summary>
    public (string Certificate, string Key)? ClientCertificate { get; init; }

    /// <summary>PEM files of who signs the server's certificate; none: whom the machine trusts (<c>tls.rootcas</c>).</summary>
    public IReadOnlyList<string> RootCertificates { get; init; } = [];

    /// <summary>Whether the connection is encrypted: when any key of <c>tls</c> is set.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Never shows the password.</summary>
    public override string ToString() => $"Redis at {string.Join(", ", Addresses)}";

    /// <exception cref="Exception">A file of certificates cannot be read.</exception>
    internal ConfigurationOptions ToConnection()
    {
        var connection = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast, // the database answers sooner than a queue
            ServiceName = MasterName,
            ClientName = ClientName ?? "berth",
            DefaultDatabase = Database,
            User = UserName,
            Password = Password,
            ConnectTimeout = (int)DialTimeout.TotalMilliseconds,
            AsyncTimeout = (int)ReadTimeout.TotalMilliseconds,
            Ssl = IsEncrypted,
        };
        foreach (var address in Addresses)
        {
            connection.EndPoints.Add(address);
        }

        if (ClientCertificate is var (certificate, key))
        {
            connection.SetUserPemCertificate(certificate, key);
        }

        foreach (var root in RootCertificates)
        {
            connection.TrustIssuer(root);
        }

        return connection;
    }
}
