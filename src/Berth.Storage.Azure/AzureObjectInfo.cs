using Azure;

namespace Berth.Storage.Azure;

/// <summary>What is known of a committed object without reading it.</summary>
internal sealed record AzureObjectInfo(long Size, ETag Tag, DateTimeOffset LastModified);
