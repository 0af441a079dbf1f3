using System.Globalization;
using System.Text.Json.Nodes;

namespace Berth.Testing.Gcs;

/// <summary>The buckets of the server, in memory.</summary>
public sealed class GcsObjects
{
    public const string Bucket = "berth-test";

    private const int MostSources = 32;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, GcsStoredObject> _objects = new(StringComparer.Ordinal);
    private long _generation = 1_700_000_000_000_000;

    /// <summary>The names of all objects that begin so, without that beginning.</summary>
    public IReadOnlyList<string> Names(string prefix)
    {
        lock (_lock)
        {
            return [.. _objects.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..])];
        }
    }

    /// <summary>Puts another object in the place of one, or changes it.</summary>
    public void Replace(string name, byte[] content)
    {
        lock (_lock)
        {
            _objects[name] = new GcsStoredObject(name, content, ++_generation, TimeProvider.System.GetUtcNow());
        }
    }

    internal GcsStoredObject Put(string bucket, JsonNode head, byte[] content, long? ifGenerationMatch)
    {
        if ((string?)head["crc32c"] is { } expected && expected != GcsStoredObject.Checksum(content))
        {
            throw new GcsRefusedException(400, "invalid", "Provided CRC32C does not match calculated CRC32C.");
        }

        var name = (string?)head["name"] ?? throw new GcsRefusedException(400, "required", "Required");
        lock (_lock)
        {
            DemandBucket(bucket);
            return Store(name, content, head, ifGenerationMatch);
        }
    }

    internal GcsStoredObject Find(string bucket, string name)
    {
        lock (_lock)
        {
            DemandBucket(bucket);
            return _objects.GetValueOrDefault(name) ?? throw NoObject(bucket, name);
        }
    }

    internal void Delete(string bucket, string name)
    {
        lock (_lock)
        {
            DemandBucket(bucket);
            if (!_objects.Remove(name))
            {
                throw NoObject(bucket, name);
            }
        }
    }

    internal GcsStoredObject Compose(string bucket, string name, JsonNode order, long? ifGenerationMatch)
    {
        var sources = order["sourceObjects"]?.AsArray() ?? [];
        if (sources.Count is < 1 or > MostSources)
        {
            throw new GcsRefusedException(400, "invalid", "The number of source components provided (33) exceeds the maximum (32)");
        }

        lock (_lock)
        {
            DemandBucket(bucket);
            var found = sources.Select(source => FindSource(bucket, source!)).ToList();
            var composed = Store(name, [.. found.SelectMany(source => source.Content)], order["destination"] ?? new JsonObject(), ifGenerationMatch);
            if ((bool?)order["deleteSourceObjects"] == true)
            {
                found.ForEach(source => _objects.Remove(source.Name));
            }

            return composed;
        }
    }

    internal JsonObject List(string bucket, string prefix, string? after, int pageSize)
    {
        lock (_lock)
        {
            DemandBucket(bucket);
            var found = _objects.Values
                .Where(item => item.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(item.Name, after) > 0)
                .Take(pageSize + 1)
                .ToList();
            var page = new JsonObject { ["kind"] = "storage#objects" };
            if (found.Count > 0)
            {
                page["items"] = new JsonArray([.. found.Take(pageSize).Select(item => item.ToJson())]);
            }

            if (found.Count > pageSize)
            {
                page["nextPageToken"] = found[pageSize - 1].Name;
            }

            return page;
        }
    }

    private GcsStoredObject FindSource(string bucket, JsonNode source)
    {
        var name = (string)source["name"]!;
        var found = _objects.GetValueOrDefault(name) ?? throw NoObject(bucket, name);
        return source["generation"] is not { } generation || generation.ToString() == found.Generation.ToString(CultureInfo.InvariantCulture)
            ? found
            : throw NoObject(bucket, name);
    }

    private GcsStoredObject Store(string name, byte[] content, JsonNode head, long? ifGenerationMatch)
    {
        if (ifGenerationMatch is { } expected && expected != (_objects.GetValueOrDefault(name)?.Generation ?? 0))
        {
            throw new GcsRefusedException(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }

        return _objects[name] = new GcsStoredObject(name, content, ++_generation, TimeProvider.System.GetUtcNow())
        {
            ContentType = (string?)head["contentType"] ?? "application/octet-stream",
            Metadata = head["metadata"]?.DeepClone(),
        };
    }

    private static void DemandBucket(string bucket)
    {
        if (bucket != Bucket)
        {
            throw new GcsRefusedException(404, "notFound", "The specified bucket does not exist.");
        }
    }

    private static GcsRefusedException NoObject(string bucket, string name) => new(404, "notFound", $"No such object: {bucket}/{name}");
}
