namespace Berth.Metadata.Postgres;

/// <summary>How the schema came to be: the table schema_version counts the scripts it has been through.</summary>
/// <remarks>
/// A script that was released is never edited. Times are milliseconds since 1970, sizes are bytes, text compares byte by byte, and the
/// numbers of <c>kind</c> are those of <see cref="ReferenceKind"/>.
/// </remarks>
internal static class PostgresMigrations
{
    // What a client may write freely is bytea (UTF-8): text cannot hold NUL, which a string of JSON can. Since it may be long, too, and an entry
    // of an index cannot, the artifact type is indexed by its hash.
    // has_manifests may say true too often, never false: see PostgresManifestTable.
    // manifest_references repeats the repository, so that asking for a reference to a base image's layer does not walk
    // through all repositories that have it.
    private const string Initial =
        """
        CREATE TABLE repositories (
            id            bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name          text    COLLATE "C" NOT NULL UNIQUE,
            created_at    bigint  NOT NULL,
            has_manifests boolean NOT NULL DEFAULT false
        );
        CREATE INDEX repositories_with_manifests ON repositories (name) WHERE has_manifests;

        CREATE TABLE blobs (
            digest     text   COLLATE "C" NOT NULL PRIMARY KEY,
            key        text   COLLATE "C" NOT NULL UNIQUE,
            size       bigint NOT NULL,
            created_at bigint NOT NULL
        );

        CREATE TABLE repository_blobs (
            repository_id bigint NOT NULL REFERENCES repositories (id) ON DELETE RESTRICT,
            digest        text   COLLATE "C" NOT NULL REFERENCES blobs (digest) ON DELETE RESTRICT,
            created_at    bigint NOT NULL,
            PRIMARY KEY (repository_id, digest)
        );
        CREATE INDEX repository_blobs_digest ON repository_blobs (digest);

        CREATE TABLE manifests (
            id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            repository_id bigint NOT NULL REFERENCES repositories (id) ON DELETE RESTRICT,
            digest        text   COLLATE "C" NOT NULL,
            media_type    bytea  NOT NULL,
            artifact_type bytea,
            subject       text   COLLATE "C",
            annotations   bytea,
            size          bigint NOT NULL,
            created_at    bigint NOT NULL,
            content       bytea  NOT NULL,
            UNIQUE (repository_id, digest),
            UNIQUE (repository_id, id)
        );
        CREATE INDEX manifests_subject ON manifests (repository_id, subject, id) WHERE subject IS NOT NULL;
        CREATE INDEX manifests_subject_artifact_type ON manifests (repository_id, subject, sha256(artifact_type), id) WHERE subject IS NOT NULL;

        CREATE TABLE manifest_references (
            manifest_id   bigint   NOT NULL,
            repository_id bigint   NOT NULL,
            digest        text     COLLATE "C" NOT NULL,
            size          bigint   NOT NULL,
            kind          smallint NOT NULL,
            is_demanded   boolean  NOT NULL,
            PRIMARY KEY (manifest_id, digest),
            FOREIGN KEY (repository_id, manifest_id) REFERENCES manifests (repository_id, id) ON DELETE CASCADE
        );
        CREATE INDEX manifest_references_digest ON manifest_references (digest, repository_id) WHERE is_demanded;
        CREATE INDEX manifest_references_manifest ON manifest_references (repository_id, manifest_id);

        CREATE TABLE tags (
            repository_id bigint NOT NULL,
            name          text   COLLATE "C" NOT NULL,
            manifest_id   bigint NOT NULL,
            created_at    bigint NOT NULL,
            updated_at    bigint NOT NULL,
            PRIMARY KEY (repository_id, name),
            FOREIGN KEY (repository_id, manifest_id) REFERENCES manifests (repository_id, id) ON DELETE RESTRICT
        );
        CREATE INDEX tags_manifest ON tags (repository_id, manifest_id);

        CREATE TABLE uploads (
            key            text   COLLATE "C" NOT NULL PRIMARY KEY,
            id             text   COLLATE "C" NOT NULL UNIQUE,
            repository     text   COLLATE "C" NOT NULL,
            algorithm      text   NOT NULL,
            durable_offset bigint NOT NULL,
            parts          text,
            hash_state     text,
            created_at     bigint NOT NULL,
            updated_at     bigint NOT NULL
        );
        CREATE INDEX uploads_updated_at ON uploads (updated_at);

        CREATE TABLE finished_uploads (
            id          text   COLLATE "C" NOT NULL PRIMARY KEY,
            repository  text   COLLATE "C" NOT NULL,
            digest      text   COLLATE "C" NOT NULL,
            finished_at bigint NOT NULL
        );
        CREATE INDEX finished_uploads_finished_at ON finished_uploads (finished_at);

        CREATE TABLE pending_deletes (
            key        text   COLLATE "C" NOT NULL PRIMARY KEY,
            digest     text   COLLATE "C",
            created_at bigint NOT NULL
        );

        CREATE TABLE leadership (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            epoch   bigint  NOT NULL
        );
        INSERT INTO leadership (epoch) VALUES (0);

        CREATE UNLOGGED TABLE incarnation (
            is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            id      uuid    NOT NULL DEFAULT gen_random_uuid()
        );
        """;

    // A registry from before it was made has been served, if anybody ever used it.
    private const string Identity =
        """
        CREATE TABLE registry (
            is_only   boolean PRIMARY KEY DEFAULT true CHECK (is_only),
            id        uuid    NOT NULL DEFAULT gen_random_uuid(),
            is_served boolean NOT NULL,
            origin    uuid
        );
        INSERT INTO registry (is_served) SELECT EXISTS (SELECT 1 FROM repositories) OR EXISTS (SELECT 1 FROM uploads);
        """;

    // A name is what somebody who vouches for it wrote, so it is bytes.
    private const string OwnedUploads =
        """
        ALTER TABLE uploads ADD COLUMN owner bytea;
        ALTER TABLE finished_uploads ADD COLUMN owner bytea;
        """;

    public static readonly IReadOnlyList<string> All = [Initial, Identity, OwnedUploads];
}
