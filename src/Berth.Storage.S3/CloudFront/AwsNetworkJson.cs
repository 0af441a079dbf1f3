using System.Text.Json.Serialization;

namespace Berth.Storage.S3.CloudFront;

[JsonSerializable(typeof(AwsNetworkDocument))]
internal sealed partial class AwsNetworkJson : JsonSerializerContext;
