using Berth.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Berth.Server.Protocol;

/// <summary>Who sent a request: known before any endpoint sees it.</summary>
internal static class CallerFeature
{
    extension(HttpContext context)
    {
        public Caller Caller
        {
            get => context.Features.GetRequiredFeature<Caller>();
            set => context.Features.Set(value);
        }
    }
}
