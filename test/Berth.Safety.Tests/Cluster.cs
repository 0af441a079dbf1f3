using System.Globalization;
using Amazon.S3;
using Berth.Testing;
using Npgsql;

namespace Berth.Safety.Tests;

/// <summary>Servers that share a PostgreSQL and a bucket, behind nginx that gives each request to the next one.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresServer _postgres;
    private readonly S3Server _s3;
    private readonly string _bucket = $"cluster-{Guid.CreateVersion7():N}";
    private readonly ClusterNode[] _nodes;
    private Daemon? _balancer;

    private Cluster(PostgresServer postgres, S3Server s3, int size)
    {
        (_postgres, _s3) = (postgres, s3);
        _nodes = [.. Enumerable.Range(0, size).Select(_ => new ClusterNode(_folder.FullPath, LoopbackPort.FindFree(), () => Settings))];
    }

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public PostgresServer Postgres => _postgres;

    /// <summary>The balancer's address.</summary>
    public string Address { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{LoopbackPort.FindFree()}");

    /// <summary>What each node, and <c>berth fsck</c>, is told about the stores.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("REGISTRY_LOG_LEVEL", "warn"),
        ("REGISTRY_METADATA_POSTGRES_CONNECTIONSTRING", _postgres.ConnectionString),
        ("REGISTRY_STORAGE_S3_ACCESSKEY", S3Server.AccessKey),
        ("REGISTRY_STORAGE_S3_SECRETKEY", S3Server.SecretKey),
        ("REGISTRY_STORAGE_S3_REGIONENDPOINT", _s3.Address.ToString()),
        ("REGISTRY_STORAGE_S3_FORCEPATHSTYLE", "true"),
        ("REGISTRY_STORAGE_S3_BUCKET", _bucket),
        ("REGISTRY_STORAGE_S3_CHUNKSIZE", "5242880"),
        ("REGISTRY_STORAGE_REDIRECT_DISABLE", "true"),
    ];

    /// <summary>Starts everything, all nodes at once on an empty database; it serves when this returns.</summary>
    public static async Task<Cluster> StartAsync(S3Server s3, int size, CancellationToken cancellationToken)
    {
        Require.Tool("nginx");
        var cluster = new Cluster(await PostgresServer.StartAsync(cancellationToken), s3, size);
        try
        {
            await cluster.CreateBucketAsync(cancellationToken);
            await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync(cancellationToken)));
            await cluster.StartBalancerAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends every connection to the database, as a network does.</summary>
    public async Task CutFromDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_postgres.ConnectionString);
        await using var command = source.CreateCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_balancer is not null)
        {
            await _balancer.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Dispose();
    }

    private async Task CreateBucketAsync(CancellationToken cancellationToken)
    {
        var configuration = new AmazonS3Config { ServiceURL = _s3.Address.ToString(), ForcePathStyle = true };
        using var client = new AmazonS3Client(S3Server.AccessKey, S3Server.SecretKey, configuration);
        await client.PutBucketAsync(_bucket, cancellationToken);
    }

    private async Task StartBalancerAsync(CancellationToken cancellationToken)
    {
        // Nothing is tried a second time: a request that was carried out twice would not have one outcome.
        var configuration = $$"""
            daemon off;
            pid {{_folder["nginx.pid"]}};
            error_log stderr notice;
            worker_processes 1;
            events { worker_connections 512; }
            http {
              access_log off;
              client_body_temp_path {{_folder["nginx-body"]}};
              proxy_temp_path {{_folder["nginx-proxy"]}};
              fastcgi_temp_path {{_folder["nginx-fastcgi"]}};
              uwsgi_temp_path {{_folder["nginx-uwsgi"]}};
              scgi_temp_path {{_folder["nginx-scgi"]}};
              upstream berth {
                {{string.Concat(_nodes.Select(node => $"server {node.Address} max_fails=0; "))}}
              }
              server {
                listen {{Address}};
                client_max_body_size 0;
                proxy_request_buffering off;
                proxy_buffering off;
                proxy_http_version 1.1;
                proxy_next_upstream off;
                proxy_connect_timeout 2s;
                proxy_send_timeout 5s;
                proxy_read_timeout 5s;
                proxy_set_header Host $http_host;
                location / { proxy_pass http://berth; }
              }
            }
            """;
        await File.WriteAllTextAsync(_folder["nginx.conf"], configuration, cancellationToken);
        _balancer = new Daemon("nginx", ["-p", _folder.FullPath, "-c", _folder["nginx.conf"]], new Dictionary<string, string>(StringComparer.Ordinal), _folder.FullPath);
        await _balancer.WaitUntilAsync(_ => Task.FromResult(_balancer.FindLine("start worker process ") is not null), cancellationToken);
    }
}
