using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Testing.Gcs;

/// <summary>What the server answers.</summary>
internal sealed record GcsAnswer(int Status, string? ContentType, byte[] Body)
{
    public string? ContentRange { get; init; }

    /// <param name="fields">Those that were asked for; the service sends no others.</param>
    public static GcsAnswer Json(JsonObject content, string? fields = null)
    {
        if (fields is not null)
        {
            Keep(content, Parse(fields));
        }

        return new GcsAnswer(200, "application/json; charset=UTF-8", Encoding.UTF8.GetBytes(content.ToJsonString()));
    }

    public static GcsAnswer Refusal(GcsRefusedException refusal) => Json(new JsonObject
    {
        ["error"] = new JsonObject
        {
            ["code"] = refusal.Status,
            ["message"] = refusal.Message,
            ["errors"] = new JsonArray(new JsonObject { ["message"] = refusal.Message, ["domain"] = "global", ["reason"] = refusal.Reason }),
        },
    }) with { Status = refusal.Status };

    public async Task WriteAsync(HttpListenerResponse response, bool hasBody)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (ContentRange is not null)
        {
            response.Headers["Content-Range"] = ContentRange;
        }

        if (Status != 204)
        {
            response.ContentLength64 = Body.Length;
        }

        if (hasBody && Body.Length > 0)
        {
            await response.OutputStream.WriteAsync(Body, TestContext.Current.CancellationToken);
        }

        response.Close();
    }

    /// <summary>Reads a,b(c,d) into a, b and b/c, b/d.</summary>
    private static HashSet<string> Parse(string fields)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var (parent, start) = ("", 0);
        for (var index = 0; index <= fields.Length; index++)
        {
            if (index < fields.Length && fields[index] is not (',' or '(' or ')'))
            {
                continue;
            }

            var name = fields[start..index];
            names.Add(parent + name);
            start = index + 1;
            parent = index == fields.Length || fields[index] == ',' ? parent : fields[index] == '(' ? $"{name}/" : "";
        }

        return names;
    }

    private static void Keep(JsonObject content, HashSet<string> names)
    {
        foreach (var name in content.Select(pair => pair.Key).Where(name => !names.Contains(name)).ToList())
        {
            content.Remove(name);
        }

        foreach (var (name, items) in content.Select(pair => (pair.Key, pair.Value as JsonArray)))
        {
            var inner = names.Where(field => field.StartsWith($"{name}/", StringComparison.Ordinal)).Select(field => field[(name.Length + 1)..]).ToHashSet(StringComparer.Ordinal);
            foreach (var item in items?.OfType<JsonObject>() ?? [])
            {
                Keep(item, inner);
            }
        }
    }
}
