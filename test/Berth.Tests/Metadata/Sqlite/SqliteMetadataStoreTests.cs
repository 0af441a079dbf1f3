using Berth.Testing.Metadata;

namespace Berth.Tests.Metadata.Sqlite;

public static class SqliteMetadataStoreTests
{
    public sealed class Repositories : RepositoryTableContract<SqliteTestDatabase>;

    public sealed class Blobs : BlobTableContract<SqliteTestDatabase>;

    public sealed class Uploads : UploadTableContract<SqliteTestDatabase>;

    public sealed class Manifests : ManifestTableContract<SqliteTestDatabase>;

    public sealed class Tags : TagTableContract<SqliteTestDatabase>;

    public sealed class Referrers : ReferrerTableContract<SqliteTestDatabase>;

    public sealed class PendingDeletes : PendingDeleteTableContract<SqliteTestDatabase>;

    public sealed class Inspection : InspectionContract<SqliteTestDatabase>;

    public sealed class Listing : ListingContract<SqliteTestDatabase>;

    public sealed class Identity : IdentityContract<SqliteTestDatabase>;
}
