using Berth.Access;
using Berth.Blobs;
using Berth.Collection;
using Berth.Manifests;
using Berth.Metadata;
using Berth.Referrers;
using Berth.Repositories;
using Berth.Storage;
using Berth.Tags;
using Berth.Uploads;
using Microsoft.Extensions.Logging;

namespace Berth;

/// <summary>The registry, without HTTP: one member for each thing that <c>/v2</c> talks about.</summary>
public sealed class Registry : IDisposable
{
    /// <param name="contents">Where the bytes of manifests are kept near; null: in memory.</param>
    public Registry(
        IMetadataStore metadata, IBlobStore store, RegistryOptions options, TimeProvider time, ILoggerFactory loggers, IManifestContents? contents = null)
    {
        Guard = new EffectGuard(options);
        Reaper = new ObjectReaper(metadata, store, time, loggers.CreateLogger<ObjectReaper>());
        Blobs = new LinkedBlobs(metadata, store, options, Guard, loggers.CreateLogger<LinkedBlobs>());
        Uploads = new UploadSessions(metadata, store, Blobs, Guard, Reaper, time, loggers.CreateLogger<UploadSessions>());
        Purger = new UploadPurger(metadata, Uploads, options, time, loggers.CreateLogger<UploadPurger>());
        Manifests = new RepositoryManifests(
            metadata, contents ?? new MemoryManifestContents(), options, Guard, loggers.CreateLogger<RepositoryManifests>());
        Tags = new RepositoryTags(metadata, Guard, loggers.CreateLogger<RepositoryTags>());
        Referrers = new RepositoryReferrers(metadata, Guard);
        Repositories = new RepositoryCatalog(metadata, Guard);
    }

    /// <summary>Decides what callers may do; whoever has to refuse one before reading what it sends asks it, too.</summary>
    public EffectGuard Guard { get; }

    public LinkedBlobs Blobs { get; }

    public UploadSessions Uploads { get; }

    public RepositoryManifests Manifests { get; }

    public RepositoryTags Tags { get; }

    public RepositoryReferrers Referrers { get; }

    public RepositoryCatalog Repositories { get; }

    /// <summary>Background work: deletes what nobody can reach any more. The host runs it.</summary>
    public ObjectReaper Reaper { get; }

    /// <summary>Background work: ends abandoned uploads. The host runs it.</summary>
    public UploadPurger Purger { get; }

    public void Dispose()
    {
        Reaper.Dispose();
        Purger.Dispose();
    }
}
