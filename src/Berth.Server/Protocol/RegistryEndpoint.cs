using Berth.Access;
using Berth.Manifests;
using Berth.Server.Authentication;
using Berth.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Server.Protocol;

/// <summary>Everything below <c>/v2</c>: guard, route, dispatch, and one place where refusals and faults become answers.</summary>
internal sealed partial class RegistryEndpoint(
    BlobEndpoints blobs,
    UploadEndpoints uploads,
    ManifestEndpoints manifests,
    TagEndpoints tags,
    ReferrerEndpoints referrers,
    CatalogEndpoints catalog,
    Admission admission,
    ILogger<RegistryEndpoint> logger)
{
    /// <summary>Longest request target in characters.</summary>
    private const int MaxTarget = 8 * 1024;

    /// <summary>Most bytes of headers, and most headers.</summary>
    private const int MaxHeaders = 32 * 1024;
    private const int MaxHeaderCount = 100;

    /// <summary>Stored content is strangers': should a browser show it, nothing in it runs.</summary>
    private const string ContentPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

    /// <param name="path">What follows <c>/v2</c>; null when the request is not below it.</param>
    public async Task InvokeAsync(HttpContext context, PathString? path)
    {
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
        try
        {
            DemandSoundRequest(context);
            var route = path is { } below ? RegistryRoute.Parse(below.Value) : null;
            await (route is { } known ? ServeAsync(context, known) : Answer.ErrorAsync(context, OciError.RouteUnknown()));
        }
        catch (OciException refusal)
        {
            await RefuseAsync(context, refusal.Error);
        }
        catch (ManifestRefusedException refusal)
        {
            await RefuseAsync(context, [.. refusal.Errors]);
        }
        catch (BadHttpRequestException broken)
        {
            await RefuseAsync(context, OciError.RequestBroken(broken.StatusCode));
        }
        catch (Exception interruption) when (interruption is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            context.Abort(); // nobody is there to hear about it
        }
        catch (StorageException fault) when (fault.IsTransient)
        {
            Log.StorageUnavailable(logger, context.TraceIdentifier, fault);
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, OciError.Unavailable());
        }
        catch (Exception fault)
        {
            Log.Fault(logger, context.TraceIdentifier, fault);
            await RefuseAsync(context, OciError.Internal());
        }
    }

    private async Task ServeAsync(HttpContext context, RegistryRoute route)
    {
        try
        {
            if (await admission.AdmitAsync(context, route))
            {
                await DispatchAsync(context, route);
            }
        }
        catch (AccessDeniedException denial)
        {
            await admission.RefuseAsync(context, route, denial);
        }
    }

    private Task DispatchAsync(HttpContext context, RegistryRoute route) => (route.Kind, context.Request.Method) switch
    {
        (RouteKind.Base, "GET" or "HEAD") => Answer.BytesAsync(context, "{}"u8.ToArray(), Answer.Json),
        (RouteKind.Catalog, "GET" or "HEAD") => catalog.ListAsync(context),
        (RouteKind.Manifest, "GET" or "HEAD") => manifests.GetAsync(context, route),
        (RouteKind.Manifest, "PUT") => manifests.PutAsync(context, route),
        (RouteKind.Manifest, "DELETE") => manifests.DeleteAsync(context, route),
        (RouteKind.Blob, "GET" or "HEAD") => blobs.GetAsync(context, route),
        (RouteKind.Blob, "DELETE") => blobs.DeleteAsync(context, route),
        (RouteKind.UploadStart, "POST") => uploads.StartAsync(context, route),
        (RouteKind.Upload, "GET" or "HEAD") => uploads.GetAsync(context, route),
        (RouteKind.Upload, "PATCH") => uploads.AppendAsync(context, route),
        (RouteKind.Upload, "PUT") => uploads.FinishAsync(context, route),
        (RouteKind.Upload, "DELETE") => uploads.CancelAsync(context, route),
        (RouteKind.Tag, "GET" or "HEAD") when route.Reference is "list" => tags.ListAsync(context, route),
        (RouteKind.Tag, "GET" or "HEAD") => tags.GetAsync(context, route),
        (RouteKind.Tag, "PUT") => tags.MoveAsync(context, route),
        (RouteKind.Tag, "DELETE") => tags.DeleteAsync(context, route),
        (RouteKind.Referrers, "GET" or "HEAD") => referrers.ListAsync(context, route),
        (_, "OPTIONS") => AllowAsync(context, route),
        _ => RefuseMethodAsync(context, route),
    };

    private static Task AllowAsync(HttpContext context, RegistryRoute route)
    {
        context.Response.Headers.Allow = AllowedMethods(route.Kind);
        return Answer.Empty(context, StatusCodes.Status200OK);
    }

    private static Task RefuseMethodAsync(HttpContext context, RegistryRoute route)
    {
        context.Response.Headers.Allow = AllowedMethods(route.Kind);
        return RefuseAsync(context, OciError.MethodNotAllowed());
    }

    private static string AllowedMethods(RouteKind kind) => kind switch
    {
        RouteKind.Manifest or RouteKind.Tag => "DELETE, GET, HEAD, PUT",
        RouteKind.Blob => "DELETE, GET, HEAD",
        RouteKind.UploadStart => "POST",
        RouteKind.Upload => "DELETE, GET, HEAD, PATCH, PUT",
        _ => "GET, HEAD",
    };

    private static void DemandSoundRequest(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length > MaxTarget)
        {
            throw new OciException(OciError.TargetTooLong(MaxTarget));
        }

        DemandSmallHeaders(context.Request.Headers);
        if (!PathGuard.IsUnambiguous(target))
        {
            throw new OciException(OciError.PathInvalid());
        }

        foreach (var encoding in context.Request.Headers.TransferEncoding)
        {
            DemandPlain(encoding, allowed: "chunked");
        }

        foreach (var encoding in context.Request.Headers.ContentEncoding)
        {
            DemandPlain(encoding, allowed: "identity");
        }
    }

    private static void DemandPlain(string? encoding, string allowed)
    {
        if (!string.Equals(encoding, allowed, StringComparison.OrdinalIgnoreCase))
        {
            throw new OciException(OciError.EncodingUnsupported(encoding ?? ""));
        }
    }

    private static void DemandSmallHeaders(IHeaderDictionary headers)
    {
        var bytes = 0;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                bytes += name.Length + (value?.Length ?? 0);
            }
        }

        if (bytes > MaxHeaders || headers.Count > MaxHeaderCount)
        {
            throw new OciException(OciError.HeadersTooLarge(MaxHeaders));
        }
    }

    private static Task RefuseAsync(HttpContext context, params IReadOnlyList<OciError> errors)
    {
        if (context.Response.HasStarted)
        {
            context.Abort(); // half an answer must not look like a whole one
            return Task.CompletedTask;
        }

        if (errors[0].Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge)
        {
            context.Response.Headers.Connection = "close"; // the rest of the body is not worth reading
        }

        return Answer.ErrorAsync(context, errors);
    }

    private static partial class Log
    {
        [LoggerMessage(2000, LogLevel.Warning, "Request {TraceId} met a fault that may pass")]
        public static partial void StorageUnavailable(ILogger logger, string traceId, Exception exception);

        [LoggerMessage(2001, LogLevel.Error, "Request {TraceId} failed")]
        public static partial void Fault(ILogger logger, string traceId, Exception exception);
    }
}
