using Berth.Testing.Metadata;

namespace Berth.Metadata.Postgres.Tests;

public static class PostgresMetadataStoreTests
{
    public sealed class Repositories : RepositoryTableContract<PostgresTestDatabase>;

    public sealed class Blobs : BlobTableContract<PostgresTestDatabase>;

    public sealed class Uploads : UploadTableContract<PostgresTestDatabase>;

    public sealed class Manifests : ManifestTableContract<PostgresTestDatabase>;

    public sealed class Tags : TagTableContract<PostgresTestDatabase>;

    public sealed class Referrers : ReferrerTableContract<PostgresTestDatabase>;

    public sealed class PendingDeletes : PendingDeleteTableContract<PostgresTestDatabase>;

    public sealed class Inspection : InspectionContract<PostgresTestDatabase>;

    public sealed class Listing : ListingContract<PostgresTestDatabase>;

    public sealed class Identity : IdentityContract<PostgresTestDatabase>;
}
