using Berth.Uploads;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Server.Protocol;

/// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c>. Distribution specification: end-4, end-5, end-6, end-11, end-13, end-14.</summary>
internal sealed class UploadEndpoints(Registry registry, Locations locations, UploadStates states)
{
    /// <summary>A mount, a whole blob in one request, or the start of a session.</summary>
    public async Task StartAsync(HttpContext context, RegistryRoute route)
    {
        var query = context.Request.Query;
        if (query.ContainsKey("mount") && await TryMountAsync(context, route))
        {
            return;
        }

        if (query.ContainsKey("digest"))
        {
            await PushWholeAsync(context, route);
            return;
        }

        var algorithm = Query.Single(context, "digest-algorithm") is not { } name ? DigestAlgorithm.Sha256
            : DigestAlgorithm.TryParse(name, out var known) ? known
            : throw new OciException(OciError.AlgorithmUnsupported(name));
        var upload = await registry.Uploads.StartAsync(context.Caller, route.Repository, algorithm, context.RequestAborted);
        await AnswerProgress(context, upload, StatusCodes.Status202Accepted);
    }

    /// <summary>How far a session is, and where it goes on.</summary>
    public async Task GetAsync(HttpContext context, RegistryRoute route)
    {
        var upload = await registry.Uploads.GetAsync(context.Caller, route.Repository, ParseId(route), context.RequestAborted);
        await AnswerProgress(context, upload, StatusCodes.Status204NoContent);
    }

    public async Task AppendAsync(HttpContext context, RegistryRoute route)
    {
        var id = ParseId(route);
        var body = ReadBody(context, states.Read(context, route.Repository, id));
        var upload = await registry.Uploads.AppendAsync(context.Caller, route.Repository, id, body, context.RequestAborted);
        await AnswerProgress(context, upload, StatusCodes.Status202Accepted);
    }

    public async Task FinishAsync(HttpContext context, RegistryRoute route)
    {
        var id = ParseId(route);
        var offset = states.Read(context, route.Repository, id);
        await FinishAsync(context, route, id, ParseDigest(context), offset);
    }

    public async Task CancelAsync(HttpContext context, RegistryRoute route)
    {
        var id = ParseId(route);
        states.Read(context, route.Repository, id);
        await registry.Uploads.CancelAsync(context.Caller, route.Repository, id, context.RequestAborted);
        context.Response.Headers["Docker-Upload-Uuid"] = id.Value;
        await Answer.Empty(context, StatusCodes.Status204NoContent);
    }

    private async Task PushWholeAsync(HttpContext context, RegistryRoute route)
    {
        var digest = ParseDigest(context);
        var upload = await registry.Uploads.StartAsync(context.Caller, route.Repository, digest.Algorithm, context.RequestAborted);
        try
        {
            await FinishAsync(context, route, upload.Id, digest, offset: 0);
        }
        catch (Exception fault) when (fault is OciException or IOException or OperationCanceledException)
        {
            // Nobody knows the session's id, so nobody could continue it.
            await registry.Uploads.CancelAsync(context.Caller, route.Repository, upload.Id, CancellationToken.None);
            throw;
        }
    }

    private async Task FinishAsync(HttpContext context, RegistryRoute route, UploadId id, Digest digest, long? offset)
    {
        await registry.Uploads.FinishAsync(context.Caller, route.Repository, id, digest, ReadBody(context, offset), context.RequestAborted);
        await AnswerCreated(context, route.Repository, digest);
    }

    /// <summary>Mounting is an offer: whatever is wrong with it, the client may upload instead. Distribution specification, "Mounting a blob".</summary>
    private async Task<bool> TryMountAsync(HttpContext context, RegistryRoute route)
    {
        RepositoryName? source = null;
        if (Query.Single(context, "from") is { } from)
        {
            if (!RepositoryName.TryParse(from, out var name))
            {
                return false;
            }

            source = name;
        }

        if (!Digest.TryParse(Query.Single(context, "mount"), out var digest)
            || !await registry.Blobs.MountAsync(context.Caller, route.Repository, digest, source, context.RequestAborted))
        {
            return false;
        }

        await AnswerCreated(context, route.Repository, digest);
        return true;
    }

    private Task AnswerCreated(HttpContext context, RepositoryName repository, Digest digest)
    {
        context.Response.Headers.Location = locations.Of(context, $"{repository}/blobs/{digest}");
        context.Response.Headers["Docker-Content-Digest"] = digest.Value;
        return Answer.Empty(context, StatusCodes.Status201Created);
    }

    private Task AnswerProgress(HttpContext context, UploadRow upload, int status)
    {
        var headers = context.Response.Headers;
        headers.Location = locations.Of(context, $"{upload.Repository}/blobs/uploads/{upload.Id}?{states.Write(upload)}");
        headers.Range = $"0-{Math.Max(0, upload.Offset - 1)}"; // 0-0 also when nothing is there: what every client knows
        headers["Docker-Upload-Uuid"] = upload.Id.Value;
        return Answer.Empty(context, status);
    }

    private static UploadId ParseId(RegistryRoute route) =>
        UploadId.TryParse(route.Reference, out var id) ? id : throw new OciException(OciError.UploadUnknown());

    private static Digest ParseDigest(HttpContext context) =>
        Digest.Parse(Query.Single(context, "digest") ?? throw new OciException(OciError.DigestMissing()));

    private static UploadBody ReadBody(HttpContext context, long? offset)
    {
        // A blob may be of any size; what bounds memory is that its bytes go on as they come.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        ContentRange? range = null;
        if (context.Request.Headers.ContentRange is { Count: > 0 } header)
        {
            range = ContentRange.TryParse(header.ToString(), out var parsed)
                ? parsed
                : throw new OciException(OciError.ContentRangeMalformed(header.ToString()));
        }

        return new UploadBody(context.Request.BodyReader, range, context.Request.ContentLength, offset);
    }
}
