using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>Reads and writes a <see cref="Digest"/> as its text.</summary>
/// <remarks>Image specification, descriptor.md, "Digests".</remarks>
public sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out var digest) ? digest : throw new JsonException("not a digest");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
