using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Berth.Oci;

/// <summary>Source-generated JSON of the documents that the specification defines.</summary>
/// <remarks>Distribution specification: "Listing Tags", "Listing Referrers", "Error Codes". Image specification: descriptor.md.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Descriptor))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(RepositoryList))]
[JsonSerializable(typeof(ReferrerIndex))]
public sealed partial class OciJson : JsonSerializerContext
{
    /// <summary>
    /// What answers are written with. <see cref="Default"/> escapes what HTML could misread, and the <c>+</c> of every media
    /// type with it; an answer is a document of its own and stays readable.
    /// </summary>
    public static OciJson Wire =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
