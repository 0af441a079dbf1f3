using System.Text.Json.Nodes;

namespace Berth.Interop.Tests;

public sealed class OrasTests(OrasFixture fixture) : ClientTests<OrasFixture>(fixture)
{
    private const string ThingType = "application/vnd.example.thing";
    private const string NoteType = "application/vnd.example.note";
    private const string Api = "--distribution-spec=v1.1-referrers-api";

    [Fact]
    public async Task Files_come_back_as_they_were_pushed()
    {
        await PushAsync("files:1");
        await RunAsync("pull", "--plain-http", $"--output={Workspace.Folder("pulled")}", Remote("files:1"));

        Assert.Equal("files:1", await File.ReadAllTextAsync(Workspace.Place("pulled", "thing.txt"), Cancellation));
    }

    [Fact]
    public async Task What_is_attached_to_an_artifact_is_discovered_by_its_type()
    {
        await PushAsync("subject:1");
        await AttachAsync("subject:1", NoteType);
        await AttachAsync("subject:1", "application/vnd.example.other");

        var all = await DiscoverAsync("subject:1");
        var notes = await DiscoverAsync("subject:1", $"--artifact-type={NoteType}");
        Assert.Equal(2, all.Count);
        Assert.Equal(NoteType, Assert.Single(notes)!["artifactType"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_artifact_is_copied_with_what_is_attached_to_it()
    {
        await PushAsync("origin:1");
        await AttachAsync("origin:1", NoteType);
        await RunAsync(
            "cp", "--recursive", "--from-plain-http", "--to-plain-http", "--from-distribution-spec=v1.1-referrers-api",
            "--to-distribution-spec=v1.1-referrers-api", Remote("origin:1"), Remote("copy:1"));

        Assert.Equal(await Registry.Http.DigestAsync("origin", "1", Cancellation), await Registry.Http.DigestAsync("copy", "1", Cancellation));
        Assert.Equal(NoteType, Assert.Single(await DiscoverAsync("copy:1"))!["artifactType"]!.GetValue<string>());
        Assert.Equal(["1"], await Registry.Http.TagsAsync("copy", Cancellation));
    }

    [Fact]
    public async Task What_an_old_client_attached_by_a_tag_is_discovered_too()
    {
        await PushAsync("old:1");
        await AttachAsync("old:1", NoteType, "--distribution-spec=v1.1-referrers-tag");

        Assert.Equal(NoteType, Assert.Single(await DiscoverAsync("old:1"))!["artifactType"]!.GetValue<string>());
    }

    [Fact]
    public async Task Repositories_and_tags_are_listed_in_order()
    {
        foreach (var name in new[] { "listed/b:1", "listed/a:2", "listed/a:1" })
        {
            await PushAsync(name);
        }

        Assert.Equal(["a", "b"], Lines(await RunAsync("repo", "ls", "--plain-http", Remote("listed/"))));
        Assert.Equal(["1", "2"], Lines(await RunAsync("repo", "tags", "--plain-http", Remote("listed/a"))));
    }

    [Fact]
    public async Task A_tag_can_be_added_and_its_manifest_be_deleted()
    {
        await PushAsync("moved:1");
        await RunAsync("tag", "--plain-http", Remote("moved:1"), "2");
        Assert.Equal(["1", "2"], await Registry.Http.TagsAsync("moved", Cancellation));

        await RunAsync("manifest", "delete", "--plain-http", "--force", Remote("moved:2"));
        var refusal = (await Fixture.Oras.TryAsync(["manifest", "fetch", "--plain-http", Remote("moved:1")], Cancellation)).Failed();
        Assert.Contains("not found", refusal, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Remote(string name) => $"{Registry.Address}/{name}";

    private async Task PushAsync(string name)
    {
        await File.WriteAllTextAsync(Workspace.Place("home", "thing.txt"), name, Cancellation);
        await RunAsync("push", "--plain-http", $"--artifact-type={ThingType}", Remote(name), "thing.txt:text/plain");
    }

    private async Task AttachAsync(string name, string type, string specification = Api)
    {
        await File.WriteAllTextAsync(Workspace.Place("home", "note.txt"), $"about {name}", Cancellation);
        await RunAsync("attach", "--plain-http", specification, $"--artifact-type={type}", Remote(name), "note.txt:text/plain");
    }

    private async Task<JsonArray> DiscoverAsync(string name, params string[] options)
    {
        var found = await RunAsync(["discover", "--plain-http", Api, "--format=json", .. options, Remote(name)]);
        return JsonNode.Parse(found)!["manifests"]!.AsArray();
    }

    private Task<string> RunAsync(params string[] arguments) => Fixture.Oras.RunAsync(arguments, Cancellation);
}
