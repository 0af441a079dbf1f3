using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

/// <summary>An OCI image layout: a folder that images are written to and that clients copy from and to.</summary>
public sealed class OciLayout
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private const string TagAnnotation = "org.opencontainers.image.ref.name";

    private readonly string _folder;
    private readonly JsonObject _index = new() { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray() };

    private OciLayout(string folder) => _folder = folder;

    /// <summary>Begins an empty layout.</summary>
    public static async Task<OciLayout> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        await File.WriteAllTextAsync(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""", cancellationToken);
        return new OciLayout(folder);
    }

    /// <summary>The digest of the one manifest or index that a layout's own index lists.</summary>
    public static async Task<string> RootDigestAsync(string folder, CancellationToken cancellationToken)
    {
        var index = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "index.json"), cancellationToken))!;
        return Assert.Single(index["manifests"]!.AsArray())!["digest"]!.GetValue<string>();
    }

    /// <summary>The names of all blobs of a layout, after each was found to hold what its name says.</summary>
    public static async Task<string[]> CheckedBlobsAsync(string folder, CancellationToken cancellationToken)
    {
        var paths = Directory.GetFiles(Path.Combine(folder, "blobs", "sha256")).Order(StringComparer.Ordinal).ToArray();
        foreach (var path in paths)
        {
            Assert.Equal(Path.GetFileName(path), await HashAsync(path, cancellationToken));
        }

        return [.. paths.Select(path => Path.GetFileName(path))];
    }

    /// <summary>Writes an image, with one layer that holds a static busybox and others that each hold one file.</summary>
    /// <param name="architecture">As Go names it. The busybox is always that of this machine.</param>
    /// <param name="files">What further layers hold.</param>
    /// <returns>Its descriptor.</returns>
    public async Task<JsonObject> AddImageAsync(string architecture, CancellationToken cancellationToken, params Stream[] files)
    {
        var layers = new JsonArray();
        var diffs = new JsonArray();
        await using (var busybox = File.OpenRead("/bin/busybox"))
        {
            await AddLayerAsync("bin/busybox", busybox, layers, diffs, cancellationToken);
        }

        for (var i = 0; i < files.Length; i++)
        {
            await AddLayerAsync($"data/{i}", files[i], layers, diffs, cancellationToken);
        }

        var config = new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("/bin/busybox", "echo", Images.Greeting) },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffs },
        };
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = await AddJsonAsync("application/vnd.oci.image.config.v1+json", config, cancellationToken),
            ["layers"] = layers,
        };
        var descriptor = await AddJsonAsync(ManifestType, manifest, cancellationToken);
        descriptor["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return descriptor;
    }

    /// <summary>Writes an index of images.</summary>
    public Task<JsonObject> AddIndexAsync(JsonObject[] images, CancellationToken cancellationToken)
    {
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray([.. images]) };
        return AddJsonAsync(IndexType, index, cancellationToken);
    }

    /// <summary>Gives an image or index a name in the layout.</summary>
    /// <returns>Its digest.</returns>
    public async Task<string> TagAsync(string tag, JsonObject descriptor, CancellationToken cancellationToken)
    {
        descriptor["annotations"] = new JsonObject { [TagAnnotation] = tag };
        _index["manifests"]!.AsArray().Add((JsonNode)descriptor);
        await File.WriteAllTextAsync(Path.Combine(_folder, "index.json"), _index.ToJsonString(), cancellationToken);
        return descriptor["digest"]!.GetValue<string>();
    }

    private async Task AddLayerAsync(string name, Stream content, JsonArray layers, JsonArray diffs, CancellationToken cancellationToken)
    {
        var tar = Path.Combine(_folder, "layer.tar");
        await Images.WriteTarAsync(tar, [(name, content)], cancellationToken);
        diffs.Add($"sha256:{await HashAsync(tar, cancellationToken)}");

        // Stored, not compressed: random bytes would not shrink, and the size of a layer is then what a test says.
        var zip = Path.Combine(_folder, "layer.tar.gz");
        await using (var source = File.OpenRead(tar))
        await using (var target = new GZipStream(File.Create(zip), CompressionLevel.NoCompression))
        {
            await source.CopyToAsync(target, cancellationToken);
        }

        File.Delete(tar);
        layers.Add(await AddBlobAsync("application/vnd.oci.image.layer.v1.tar+gzip", zip, cancellationToken));
    }

    private async Task<JsonObject> AddJsonAsync(string mediaType, JsonObject content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, "json");
        await File.WriteAllBytesAsync(path, Encoding.UTF8.GetBytes(content.ToJsonString()), cancellationToken);
        return await AddBlobAsync(mediaType, path, cancellationToken);
    }

    private async Task<JsonObject> AddBlobAsync(string mediaType, string path, CancellationToken cancellationToken)
    {
        var name = await HashAsync(path, cancellationToken);
        var size = new FileInfo(path).Length;
        new FileInfo(path).MoveTo(Path.Combine(_folder, "blobs", "sha256", name), overwrite: true);
        return new JsonObject { ["mediaType"] = mediaType, ["digest"] = $"sha256:{name}", ["size"] = size };
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
