using Berth.Manifests;
using Berth.Manifests.Redis;
using Berth.Metadata;
using Berth.Server.Authentication;
using Berth.Server.Protocol;
using Berth.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Berth.Server.Hosting;

/// <summary>Puts a registry into an ASP.NET Core program.</summary>
public static class BerthServices
{
    /// <summary>
    /// Adds the engine, its folder and its background work. The folder is opened and locked when the endpoints are mapped, and put in order when the host starts,
    /// before it serves the first request; a program that registered its own <see cref="TimeProvider"/> keeps it.
    /// </summary>
    public static IServiceCollection AddBerth(this IServiceCollection services, BerthOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(options.Engine);
        services.AddSingleton(options.Listings);
        services.AddSingleton<RegistryStores>();
        services.AddSingleton<IMetadataStore>(provider => provider.GetRequiredService<RegistryStores>().Metadata);
        services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<RegistryStores>().Blobs);
        services.AddSingleton<Registry>();
        if (options.Redis is { } redis)
        {
            services.AddSingleton<IManifestContents>(provider => ActivatorUtilities.CreateInstance<RedisManifestContents>(provider, redis, new MemoryManifestContents()));
        }

        services.AddHostedService(provider => provider.GetRequiredService<RegistryStores>());
        services.AddHostedService(provider => provider.GetRequiredService<Registry>().Reaper);
        services.AddHostedService(provider => provider.GetRequiredService<Registry>().Purger);

        services.AddSingleton(options.Locations);
        services.AddSingleton<TrustedProxies>();
        services.AddSingleton<Locations>();
        services.AddSingleton(new UploadStates(options.Secret));
        services.AddSingleton<BlobEndpoints>();
        services.AddSingleton<UploadEndpoints>();
        services.AddSingleton<ManifestEndpoints>();
        services.AddSingleton<TagEndpoints>();
        services.AddSingleton<ReferrerEndpoints>();
        services.AddSingleton<CatalogEndpoints>();
        services.AddSingleton<RegistryEndpoint>();
        services.AddSingleton<Admission>();
        AddAuthenticators(services, options.Authentication);
        return services;
    }

    /// <summary>Clients that can do both prefer a token, so its challenge comes first.</summary>
    private static void AddAuthenticators(IServiceCollection services, AuthenticationOptions options)
    {
        if (options.Token is { } token)
        {
            var keys = TokenKeys.Load(token, (setting, text) => throw new InvalidOperationException($"auth.token.{setting} {text}"));
            services.AddSingleton<IAuthenticator>(provider => ActivatorUtilities.CreateInstance<TokenAuthenticator>(
                provider, token, new TokenVerifier(token, keys, provider.GetRequiredService<TimeProvider>())));
        }

        if (options.Htpasswd is { } htpasswd)
        {
            services.AddSingleton<IAuthenticator>(provider => new HtpasswdAuthenticator(
                htpasswd, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HtpasswdAuthenticator>>()));
        }

        if (options.Silly is { } silly)
        {
            services.AddSingleton<IAuthenticator>(new SillyAuthenticator(silly));
        }
    }
}
