namespace Berth.Metadata.Sqlite;

/// <summary>How the schema came to be: the database's <c>user_version</c> counts the scripts it has been through.</summary>
/// <remarks>
/// A script that was released is never edited. Times are milliseconds since 1970, sizes are bytes, text compares byte by byte, and the
/// numbers of <c>kind</c> are those of <see cref="ReferenceKind"/>.
/// </remarks>
internal static class SqliteMigrations
{
    // content is the last column: what stands behind a large value can be read only by walking through its pages.
    // AUTOINCREMENT, because the referrers listing pages by id and must not meet an id a second time.
    // manifest_references repeats the repository, so that asking for a reference to a base image's layer does not walk
    // through all repositories that have it.
    private const string Initial =
        """
        CREATE TABLE repositories (
            id            INTEGER PRIMARY KEY,
            name          TEXT    NOT NULL UNIQUE,
            created_at    INTEGER NOT NULL,
            has_manifests INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX repositories_with_manifests ON repositories (name) WHERE has_manifests = 1;

        CREATE TABLE blobs (
            digest     TEXT    NOT NULL PRIMARY KEY,
            key        TEXT    NOT NULL UNIQUE,
            size       INTEGER NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE repository_blobs (
            repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE RESTRICT,
            digest        TEXT    NOT NULL REFERENCES blobs (digest) ON DELETE RESTRICT,
            created_at    INTEGER NOT NULL,
            PRIMARY KEY (repository_id, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX repository_blobs_digest ON repository_blobs (digest);

        CREATE TABLE manifests (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE RESTRICT,
            digest        TEXT    NOT NULL,
            media_type    TEXT    NOT NULL,
            artifact_type TEXT,
            subject       TEXT,
            annotations   TEXT,
            size          INTEGER NOT NULL,
            created_at    INTEGER NOT NULL,
            content       BLOB    NOT NULL,
            UNIQUE (repository_id, digest),
            UNIQUE (repository_id, id)
        ) STRICT;
        CREATE INDEX manifests_subject ON manifests (repository_id, subject) WHERE subject IS NOT NULL;
        CREATE INDEX manifests_subject_artifact_type ON manifests (repository_id, subject, artifact_type) WHERE subject IS NOT NULL;

        CREATE TABLE manifest_references (
            manifest_id   INTEGER NOT NULL,
            repository_id INTEGER NOT NULL,
            digest        TEXT    NOT NULL,
            size          INTEGER NOT NULL,
            kind          INTEGER NOT NULL,
            is_demanded   INTEGER NOT NULL,
            PRIMARY KEY (manifest_id, digest),
            FOREIGN KEY (repository_id, manifest_id) REFERENCES manifests (repository_id, id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX manifest_references_digest ON manifest_references (digest, repository_id, is_demanded);

        CREATE TABLE tags (
            repository_id INTEGER NOT NULL,
            name          TEXT    NOT NULL,
            manifest_id   INTEGER NOT NULL,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL,
            PRIMARY KEY (repository_id, name),
            FOREIGN KEY (repository_id, manifest_id) REFERENCES manifests (repository_id, id) ON DELETE RESTRICT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX tags_manifest ON tags (repository_id, manifest_id);

        CREATE TABLE uploads (
            key        TEXT    NOT NULL PRIMARY KEY,
            id         TEXT    NOT NULL UNIQUE,
            repository TEXT    NOT NULL,
            algorithm  TEXT    NOT NULL,
            offset     INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX uploads_updated_at ON uploads (updated_at);

        CREATE TABLE finished_uploads (
            id          TEXT    NOT NULL PRIMARY KEY,
            repository  TEXT    NOT NULL,
            digest      TEXT    NOT NULL,
            finished_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX finished_uploads_finished_at ON finished_uploads (finished_at);

        CREATE TABLE pending_deletes (
            key        TEXT    NOT NULL PRIMARY KEY,
            digest     TEXT,
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    private const string ContinuableUploads =
        """
        ALTER TABLE uploads ADD COLUMN parts TEXT;
        ALTER TABLE uploads ADD COLUMN hash_state TEXT;
        """;

    // One row. A registry from before it was made has been served, if anybody ever used it.
    private const string Identity =
        """
        CREATE TABLE registry (
            id        TEXT    NOT NULL PRIMARY KEY,
            is_served INTEGER NOT NULL,
            origin    TEXT
        ) STRICT, WITHOUT ROWID;
        INSERT INTO registry (id, is_served)
            SELECT lower(hex(randomblob(16))), EXISTS (SELECT 1 FROM repositories) OR EXISTS (SELECT 1 FROM uploads);
        """;

    private const string OwnedUploads =
        """
        ALTER TABLE uploads ADD COLUMN owner TEXT;
        ALTER TABLE finished_uploads ADD COLUMN owner TEXT;
        """;

    public static readonly IReadOnlyList<string> All = [Initial, ContinuableUploads, Identity, OwnedUploads];
}
