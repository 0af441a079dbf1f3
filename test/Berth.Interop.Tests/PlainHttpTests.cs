using System.Net;
using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class PlainHttpTests(PlainHttpFixture fixture) : ClientTests<PlainHttpFixture>(fixture)
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string EmptyType = "application/vnd.oci.empty.v1+json";

    [Fact]
    public async Task An_artifact_is_found_by_its_subject()
    {
        var empty = await DescriptorAsync(EmptyType, "{}"u8.ToArray());
        var subject = await PushAsync("v1", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["artifactType"] = "application/vnd.example.thing",
            ["config"] = empty.DeepClone(),
            ["layers"] = new JsonArray(await DescriptorAsync("text/plain", "a thing"u8.ToArray())),
        });
        var artifact = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["artifactType"] = "application/vnd.example.note",
            ["config"] = empty.DeepClone(),
            ["layers"] = new JsonArray(await DescriptorAsync("text/plain", "a note about it"u8.ToArray())),
            ["subject"] = new JsonObject { ["mediaType"] = ManifestType, ["digest"] = subject.Digest, ["size"] = subject.Size },
            ["annotations"] = new JsonObject { ["org.example.by"] = "a test" },
        };
        var note = await PushAsync(null, artifact, subject.Digest);

        var referrers = await Registry.Http.JsonAsync($"things/referrers/{subject.Digest}", Cancellation);
        var found = Assert.Single(referrers["manifests"]!.AsArray())!;
        Assert.Equal("application/vnd.oci.image.index.v1+json", referrers["mediaType"]!.GetValue<string>());
        Assert.Equal(note.Digest, found["digest"]!.GetValue<string>());
        Assert.Equal(note.Size, found["size"]!.GetValue<int>());
        Assert.Equal("application/vnd.example.note", found["artifactType"]!.GetValue<string>());
        Assert.Equal("a test", found["annotations"]!["org.example.by"]!.GetValue<string>());
    }

    private async Task<(string Digest, int Size)> PushAsync(string? tag, JsonObject manifest, string? subject = null)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString());
        var digest = RegistryClient.DigestOf(bytes);
        using var answer = await Registry.Http.PushManifestAsync("things", tag ?? digest, manifest, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        if (subject is not null)
        {
            Assert.Equal(subject, Assert.Single(answer.Headers.GetValues("OCI-Subject")));
        }

        return (digest, bytes.Length);
    }

    private async Task<JsonObject> DescriptorAsync(string mediaType, byte[] content) => new()
    {
        ["mediaType"] = mediaType,
        ["digest"] = await Registry.Http.PushBlobAsync("things", content, Cancellation),
        ["size"] = content.Length,
    };
}
