using Berth.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Berth.Metadata.Sqlite;

/// <summary>What an error code of SQLite means for the store.</summary>
internal static class SqliteFault
{
    /// <summary>Whether a statement was wrong, such as one that breaks a constraint: an error of its author, not of the disk.</summary>
    public static bool IsMisuse(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT
        or raw.SQLITE_MISMATCH or raw.SQLITE_MISUSE or raw.SQLITE_RANGE or raw.SQLITE_TOOBIG;

    /// <summary>Whether nothing may be written any more, because what the kernel says about the file can no longer be believed.</summary>
    /// <remarks>Linux reports a failed fsync once and then takes the pages for clean: trying again would succeed without the data.</remarks>
    public static bool IsFinal(SqliteException error, bool isCommit) => error.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => true,
        raw.SQLITE_IOERR => error.SqliteExtendedErrorCode is raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_DIR_FSYNC
            || isCommit && error.SqliteExtendedErrorCode != raw.SQLITE_IOERR_WRITE,
        _ => false,
    };

    public static StorageException Translate(SqliteException error) =>
        new($"The metadata database failed with code {error.SqliteExtendedErrorCode}: {error.Message}", IsTransient(error), error);

    private static bool IsTransient(SqliteException error) =>
        error.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_NOMEM
        || error.SqliteExtendedErrorCode == raw.SQLITE_IOERR_WRITE;
}
