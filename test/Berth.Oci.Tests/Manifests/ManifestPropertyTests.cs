using System.Text;
using CsCheck;

namespace Berth.Oci.Tests.Manifests;

public sealed class ManifestPropertyTests
{
    private static readonly Gen<string> Example = Gen.OneOf(ManifestExamples.All);

    private static readonly Gen<string> Value = Gen.OneOf(
        "null", "[]", "{}", "\"x\"", "5", "2", "\"\"",
        Json.Descriptor('f'), Json.Descriptor('1', MediaTypes.OciImageManifest), $"[{Json.Descriptor('f')}]",
        $$"""{"digest":"{{Json.DigestOf('f')}}"}""", $"\"{Json.DigestOf('f')}\"",
        $"\"{MediaTypes.OciImageIndex}\"", $"\"{MediaTypes.DockerManifest}\"");

    private static readonly Gen<string> Bent = Gen.Select(
        Example,
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 9], Value).Array[0, 3],
        (example, bends) =>
        {
            var json = LooseJson.Parse(example);
            foreach (var (at, kind, value) in bends)
            {
                json.Bend(at, kind, LooseJson.Parse(value));
            }

            return json.ToString();
        });

    // SEC-03. Every accepted document must mean to the client that runs it what it means to us.
    [Fact]
    public void What_is_accepted_is_read_by_Go_as_it_is_by_us()
    {
        var (accepted, refused) = (0, 0);

        Bent.Sample(
            json =>
            {
                var content = Encoding.UTF8.GetBytes(json);
                if (TryParse(content, out var manifest))
                {
                    Interlocked.Increment(ref accepted);
                    AssertSameReading(manifest, GoReading.Of(content, manifest.MediaType));
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 10_000);

        Assert.True(accepted > 1_000 && refused > 1_000, $"{accepted} accepted, {refused} refused"); // or the property is about nothing
    }

    [Fact]
    public void Random_bytes_in_a_manifest_are_read_or_refused_but_never_a_fault() =>
        Gen.Select(Example, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 100_000], Gen.Byte).Array[1, 4], Mutate)
            .Sample(
                content =>
                {
                    if (TryParse(content, out var manifest))
                    {
                        AssertSameReading(manifest, GoReading.Of(content, manifest.MediaType));
                    }
                },
                iter: 100_000,
                print: Encoding.UTF8.GetString);

    [Fact]
    public void Every_example_is_accepted() => Assert.All(ManifestExamples.All, example => Json.Parse(example));

    [Fact]
    public void No_reason_of_a_refusal_shows_what_the_document_holds() =>
        Bent.Sample(
            json =>
            {
                var refusal = Record.Exception(() => Json.Parse(json));
                if (refusal is OciException { Error: { Code: OciErrorCode.ManifestInvalid, Detail: var reason } })
                {
                    Assert.DoesNotContain(reason!, character => !char.IsAsciiLetterOrDigit(character) && !" ,()-/".Contains(character));
                    Assert.DoesNotContain("sha", reason, StringComparison.Ordinal);
                }
            },
            iter: 2_000);

    private static bool TryParse(byte[] content, out Manifest manifest)
    {
        try
        {
            manifest = Manifest.Parse(content, null);
            return true;
        }
        catch (OciException)
        {
            manifest = null!;
            return false;
        }
    }

    private static void AssertSameReading(Manifest manifest, GoReading? go)
    {
        if (go is null)
        {
            return; // no client written in Go can use it
        }

        Assert.Equal(
            go.Digests.Order(StringComparer.Ordinal),
            manifest.References
                .Where(reference => reference.Kind != ReferenceKind.Undefined)
                .Select(reference => reference.Descriptor.Digest.Value)
                .Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Equal(go.Subject, manifest.Subject?.Digest.Value ?? "");
        Assert.Contains(go.MediaType, ["", manifest.MediaType], StringComparer.Ordinal);
    }

    private static byte[] Mutate(string example, (int Kind, int At, byte Value)[] mutations)
    {
        var bytes = Encoding.UTF8.GetBytes(example).ToList();
        foreach (var (kind, at, value) in mutations)
        {
            var position = at % bytes.Count;
            switch (kind)
            {
                case 0: bytes[position] = value; break;
                case 1: bytes.Insert(position, value); break;
                case 2: bytes.RemoveAt(position); break;
                default: bytes[position] ^= (byte)(1 << (value % 8)); break;
            }
        }

        return [.. bytes];
    }
}
