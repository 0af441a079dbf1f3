using Berth.Safety.Tests.Load;
using Microsoft.Data.Sqlite;

namespace Berth.Safety.Tests;

/// <summary><c>berth fsck</c> says which invariant is broken, and ends with 3.</summary>
public sealed class FsckTests(DamageFixture fixture) : IClassFixture<DamageFixture>, IAsyncLifetime
{
    private string _folder = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Owner => $"{fixture.Stock.Repositories[0]}@{fixture.Image.Digest}";

    private Content Layer => fixture.Image.Blobs[1];

    public async ValueTask InitializeAsync() => _folder = await fixture.CopyAsync(Cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_sound_folder_has_no_findings()
    {
        Assert.Equal((0, "No findings.\n"), await Fsck.RunAsync(_folder, ["--deep"], Cancellation));
        Assert.Equal((0, ""), await Fsck.RunAsync(_folder, ["--deep", "--json"], Cancellation));
    }

    [Fact]
    public async Task A_blob_whose_file_was_deleted_is_F4()
    {
        File.Delete(FileOf(Layer));

        Assert.Equal([$"F4 {Layer.Digest}"], await Fsck.FindAsync(_folder, Cancellation));
        var (exitCode, output) = await Fsck.RunAsync(_folder, [], Cancellation);
        Assert.Equal(3, exitCode);
        Assert.StartsWith($"F4   {Layer.Digest}: ", output, StringComparison.Ordinal);
        Assert.EndsWith("is missing\n1 findings.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_whose_file_was_cut_is_F4()
    {
        await ChangeAsync(FileOf(Layer), bytes => bytes[..^1]);

        Assert.Equal([$"F4 {Layer.Digest}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_flipped_bit_is_F4_when_looked_at_deeply()
    {
        await ChangeAsync(FileOf(Layer), bytes => [.. bytes[..100], (byte)(bytes[100] ^ 1), .. bytes[101..]]);

        Assert.Empty(await Fsck.FindAsync(_folder, Cancellation));
        Assert.Equal([$"F4 {Layer.Digest}"], await Fsck.FindAsync(_folder, Cancellation, "--deep"));
    }

    [Fact]
    public async Task A_blob_without_its_row_is_F3_for_the_image_and_F6_for_the_file()
    {
        var key = FileOf(Layer).Split('.')[^1];
        Execute("DELETE FROM blobs WHERE digest = $1", Layer.Digest);

        Assert.Equal(["F9 repository_blobs", $"F3 {Owner}", $"F6 {key}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_blob_that_the_repository_has_lost_is_F3()
    {
        Execute("DELETE FROM repository_blobs WHERE digest = $1", Layer.Digest);

        Assert.Equal([$"F3 {Owner}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_tag_without_its_manifest_is_F1()
    {
        Execute("DELETE FROM manifests WHERE digest = $1", fixture.Stock.Images[2].Digest);

        var findings = await Fsck.FindAsync(_folder, Cancellation);
        Assert.Contains($"F1 {fixture.Stock.Repositories[0]}:1", findings);
        Assert.Contains("F9 tags", findings);
    }

    [Fact]
    public async Task A_manifest_with_other_bytes_is_F2()
    {
        Execute("UPDATE manifests SET content = CAST(replace(CAST(content AS TEXT), '6000', '6001') AS BLOB) WHERE digest = $1", fixture.Image.Digest);

        Assert.Contains($"F2 {Owner}", await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_key_in_two_tables_is_F5()
    {
        var key = FileOf(Layer).Split('.')[^1];
        Execute("INSERT INTO pending_deletes (key, created_at) VALUES ($1, 0)", key);

        Assert.Equal([$"F5 {key}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_manifest_whose_row_says_what_its_bytes_do_not_is_F7()
    {
        Execute("UPDATE manifests SET artifact_type = 'something/else' WHERE digest = $1", fixture.Image.Digest);

        Assert.Equal([$"F7 {Owner}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_destroyed_page_of_the_database_is_F9()
    {
        const int PageSize = 4096;
        var offset = (int)(Find("SELECT rootpage FROM sqlite_schema WHERE name = 'uploads_updated_at'") - 1) * PageSize;
        await ChangeAsync(Path.Combine(_folder, "meta.db"), bytes => [.. bytes[..offset], .. new byte[PageSize], .. bytes[(offset + PageSize)..]]);

        Assert.Equal(["F9 database"], (await Fsck.FindAsync(_folder, Cancellation)).Distinct());
    }

    [Fact]
    public async Task A_cut_upload_is_F10()
    {
        var staged = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "staging")));
        await ChangeAsync(staged, bytes => bytes[..^1]);

        Assert.Equal([$"F10 {Path.GetFileName(staged)}"], await Fsck.FindAsync(_folder, Cancellation));
    }

    [Fact]
    public async Task A_foreign_file_is_F11()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "blobs", "notes.txt"), "mine", Cancellation);

        Assert.StartsWith("F11 blobs/notes.txt", Assert.Single(await Fsck.FindAsync(_folder, Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_none_is_a_failure_not_a_finding()
    {
        File.Delete(Path.Combine(_folder, "FORMAT"));

        Assert.Equal((1, $"There is no data folder at '{_folder}'.\n"), await Fsck.RunAsync(_folder, ["--json"], Cancellation));
    }

    private string FileOf(Content blob)
    {
        var (algorithm, hex) = (blob.Digest.Split(':')[0], blob.Digest.Split(':')[1]);
        return Assert.Single(Directory.GetFiles(Path.Combine(_folder, "blobs", algorithm, hex[..2], hex[2..4]), $"{hex}.*"));
    }

    private static async Task ChangeAsync(string file, Func<byte[], byte[]> change)
    {
        var mode = File.GetUnixFileMode(file);
        File.SetUnixFileMode(file, mode | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(file, change(await File.ReadAllBytesAsync(file, Cancellation)), Cancellation);
        File.SetUnixFileMode(file, mode);
    }

    private long Find(string query)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string statement, string argument)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.Parameters.AddWithValue("$1", argument);
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private SqliteConnection Open()
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "meta.db"), ForeignKeys = false, Pooling = false };
        var connection = new SqliteConnection(builder.ToString());
        connection.Open();
        return connection;
    }
}
