namespace Berth.Server.Configuration;

/// <summary>
/// Every key of the CNCF distribution registry (version 3, and those that it dropped since version 2) and Berth's own, with what becomes
/// of it. A row <c>a.{b c}</c> stands for <c>a.b</c> and <c>a.c</c>. A section that has a row of its own is reported once for all below it.
/// </summary>
internal static class ConfigurationKeys
{
    private const string OtherDriver = "Berth stores in a folder, in S3, in Azure or in Google Cloud Storage; use storage.filesystem, storage.s3, storage.azure or storage.gcs";
    private const string NoTls = "Berth does not speak TLS yet";

    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        .. Effective(
            "version",
            "log.level",
            "loglevel",
            "http.{addr net host secret relativeurls trustedproxies[]}",
            "storage.filesystem.rootdirectory",
            S3("storage.s3"),
            S3("storage.s3aws"),
            "storage.azure.{accountname accountkey container realm serviceurl rootdirectory max_retries retry_delay skipverify}",
            "storage.azure.credentials.{type clientid tenantid secret}",
            "storage.gcs.{bucket keyfile rootdirectory chunksize maxconcurrency useragent}",
            "storage.gcs.credentials.{type project_id private_key_id private_key client_email client_id auth_uri token_uri}",
            "storage.gcs.credentials.{auth_provider_x509_cert_url client_x509_cert_url universe_domain}",
            "storage.delete.enabled",
            "storage.redirect.disable",
            "storage.maintenance.readonly.enabled",
            "storage.maintenance.uploadpurging.{enabled age interval dryrun}",
            "metadata.sqlite.path",
            "metadata.postgres.{connectionstring connectionstringfile schema maxconnections}",
            "middleware.storage[].{name disabled}",
            "middleware.storage[].options.{baseurl scheme host trimpathprefix privatekey keypairid duration ipfilteredby awsregion}",
            "middleware.storage[].options.{updatefrequency updatefrenquency iprangesurl}",
            "redis.{addrs[] clientname db username password mastername dialtimeout readtimeout}",
            "redis.tls.{enabled certificate key rootcas[]}",
            "auth.none.**",
            "auth.silly.{realm service}",
            "auth.htpasswd.{realm path}",
            "auth.token.{realm service issuer rootcertbundle jwks autoredirect autoredirectpath signingalgorithms[]}",
            "access.rules[].{repositories[] users[] groups[] authenticated anonymous actions[]}",
            "access.groups.*[]",
            "catalog.maxentries",
            "tags.maxtags",
            "validation.{enabled disabled}",
            "validation.manifests.sparse",
            "validation.manifests.indexes.platforms",
            "validation.manifests.indexes.platformlist[].{architecture os}"),

        .. Ignored("there is no access log yet", "log.accesslog", "log.accesslog.disabled"),
        .. Ignored("the log is plain text", "log.formatter", "log.reportcaller"),
        .. Ignored("the log has no fields of its own yet", "log.fields", "log.fields.*"),
        .. Ignored(
            "nothing is mailed yet",
            "log.hooks",
            "log.hooks[].{disabled type levels[]}",
            "log.hooks[].options.{from to[]}",
            "log.hooks[].options.smtp.{addr username password insecure}"),

        .. Ignored("the registry answers at /v2/ only", "http.prefix"),
        .. Ignored("headers are not added yet", "http.headers", "http.headers.*[]"),
        .. Ignored("the drain time cannot be set yet", "http.draintimeout"),
        .. Ignored("there is no debug server yet", "http.debug", "http.debug.addr", "http.debug.prometheus.{enabled path}"),
        .. Ignored("HTTP/2 cannot be switched yet", "http.http2", "http.http2.disabled", "http.h2c", "http.h2c.enabled"),
        .. Ignored(
            NoTls,
            "http.tls",
            "http.tls.{key clientcas[] clientauth minimumtls ciphersuites[]}",
            "http.tls.letsencrypt.{email hosts[] directoryurl}"),
        .. Refused(
            $"{NoTls} and would serve in the clear; put a proxy with TLS in front and remove this key",
            "http.tls.certificate",
            "http.tls.letsencrypt.cachefile"),

        .. Ignored("the file calls need no limit", "storage.filesystem.maxthreads"),
        .. Ignored(
            "descriptors are in the database; manifests are kept in memory, and in Redis when there is a section redis",
            "storage.cache",
            "storage.cache.{blobdescriptor blobdescriptorsize layerinfo}"),
        .. Ignored("looking up tags is one query", "storage.tag", "storage.tag.concurrencylimit"),
        .. Refused(OtherDriver, "storage.inmemory", "storage.inmemory.**"),
        .. Ignored("objects are never copied in the store", Copies("storage.s3"), Copies("storage.s3aws")),
        .. Ignored("requests are always signed with version 4", "storage.s3.v4auth", "storage.s3aws.v4auth"),
        .. Ignored("the log of the SDK would show secrets", "storage.s3.loglevel", "storage.s3aws.loglevel"),
        .. Ignored("distribution ignores it, too; the other keys say it all", "storage.azure.connectionstring"),
        .. Refused(OtherDriver, "storage.oss", "storage.oss.**", "storage.swift", "storage.swift.**"),

        .. Ignored("distribution has none, and Berth neither", "middleware.registry", "middleware.registry[].{name disabled options.**}"),
        .. Ignored("distribution has none, and Berth neither", "middleware.repository", "middleware.repository[].{name disabled options.**}"),

        .. Ignored(
            "notifications are not sent yet",
            "notifications",
            "notifications.events.includereferences",
            "notifications.endpoints[].{name disabled url headers.*[] timeout threshold backoff ignoredmediatypes[]}",
            "notifications.endpoints[].ignore.{mediatypes[] actions[]}"),

        .. Ignored("Redis is asked once, or not at all", "redis.{maxretries minretrybackoff maxretrybackoff maxredirects writetimeout contexttimeoutenabled}"),
        .. Ignored(
            "all questions go through one connection",
            "redis.{poolfifo poolsize pooltimeout minidleconns maxidleconns maxactiveconns connmaxidletime connmaxlifetime pool.**}"),
        .. Ignored("the client decides it", "redis.{protocol readonly routebylatency routerandomly disableidentity identitysuffix unstableresp3}"),
        .. Ignored("sentinels are asked with username and password", "redis.{sentinelusername sentinelpassword}"),
        .. Ignored("distribution dropped it, too: write redis.addrs", "redis.addr"),

        .. Ignored(
            "health is not checked yet",
            "health",
            "health.storagedriver.{enabled interval threshold}",
            "health.file[].{file interval threshold}",
            "health.http[].{uri headers.*[] statuscode timeout interval threshold}",
            "health.tcp[].{addr timeout interval threshold}"),

        .. Ignored(
            "Berth does not fetch from another registry yet",
            "proxy",
            "proxy.{remoteurl username password ttl cachewritetimeout}",
            "proxy.exec.{command lifetime}"),

        .. Ignored("URLs of layers are not checked yet", "validation.manifests.urls", "validation.manifests.urls.{allow[] deny[]}"),
        .. Ignored("every kind of artifact is accepted", "policy", "policy.repository.classes[]"),
        .. Ignored("distribution dropped it, too", "compatibility", "compatibility.**", "reporting", "reporting.**"),
    ];

    private static string S3(string section) =>
        section
        + ".{accesskey secretkey region regionendpoint forcepathstyle bucket encrypt keyid secure skipverify chunksize rootdirectory"
        + " storageclass useragent objectacl usedualstack accelerate usefipsendpoint redirectendpoint checksums}";

    private static string Copies(string section) =>
        section + ".{multipartcopychunksize multipartcopymaxconcurrency multipartcopythresholdsize}";

    private static IEnumerable<ConfigurationKey> Effective(params string[] rows) =>
        rows.SelectMany(Expand).Select(pattern => new ConfigurationKey(pattern, KeyEffect.Effective));

    private static IEnumerable<ConfigurationKey> Ignored(string reason, params string[] rows) =>
        rows.SelectMany(Expand).Select(pattern => new ConfigurationKey(pattern, KeyEffect.Ignored, reason));

    private static IEnumerable<ConfigurationKey> Refused(string reason, params string[] rows) =>
        rows.SelectMany(Expand).Select(pattern => new ConfigurationKey(pattern, KeyEffect.Refused, reason));

    private static IEnumerable<string> Expand(string row)
    {
        var brace = row.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? [row] : row[(brace + 1)..^1].Split(' ').Select(name => row[..brace] + name);
    }
}
