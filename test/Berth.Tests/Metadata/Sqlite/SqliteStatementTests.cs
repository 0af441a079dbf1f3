using Berth.Metadata.Sqlite;
using Berth.Testing.Metadata;
using Microsoft.Data.Sqlite;

namespace Berth.Tests.Metadata.Sqlite;

/// <summary>The cost of a request does not grow with the registry: no statement reads a whole table, or sorts what it has read.</summary>
public sealed class SqliteStatementTests : MetadataStoreContract<SqliteTestDatabase>
{
    /// <summary>Reads one number when the database is opened.</summary>
    private const string Exempt = "SELECT user_version FROM pragma_user_version";

    [Fact]
    public async Task Every_statement_of_a_request_goes_through_an_index()
    {
        await ReopenAsync(); // so that the statements of the migrations are not among them
        await RequestEverythingAsync();
        var statements = await StatementsAsync();

        Assert.True(statements.Count > 30, $"only {statements.Count} statements were seen");
        Assert.True(statements.Remove(Exempt));
        Assert.Empty(
            from statement in statements
            from step in Plan(statement)
            where IsCostly(step)
            select $"{step}: {statement}");
    }

    [Theory]
    [InlineData("SELECT * FROM tags WHERE name = 'latest'")]
    [InlineData("SELECT * FROM manifests WHERE repository_id = 1 ORDER BY created_at")]
    public void A_statement_that_does_not_is_noticed(string statement) => Assert.Contains(Plan(statement), IsCostly);

    private static bool IsCostly(string step) =>
        step.Contains("TEMP B-TREE", StringComparison.Ordinal)
        || step.StartsWith("SCAN", StringComparison.Ordinal) && step != "SCAN CONSTANT ROW";

    private async Task RequestEverythingAsync()
    {
        var image = await PushImageAsync(App, "app", Latest);
        var index = await PushAsync(App, Sample.Index(image));
        var layer = Sample.DigestOf("layer of app");
        var healed = await StartUploadAsync(App);
        var stored = await Store.Blobs.FindAnywhereAsync(layer, Cancellation);
        var advanced = healed with { Offset = 1 };
        await Store.Uploads.AdvanceAsync(healed, advanced, Cancellation);
        await Store.Uploads.AttachAsync(advanced, layer, 12, stored!.Key, Cancellation);
        await Store.Uploads.FindAsync(App, healed.Id, Cancellation);
        await Store.Uploads.FindFinishedAsync(App, healed.Id, Cancellation);
        await StartUploadAsync(App);
        await Store.Uploads.ListIdleAsync(Clock.GetUtcNow().AddDays(1), 10, Cancellation);
        await Store.PendingDeletes.RemoveAsync([.. (await Store.PendingDeletes.ListAsync(after: null, 10, Cancellation)).Select(pending => pending.Key)], Cancellation);
        await Store.Blobs.LinkAsync(Other, layer, App, Cancellation);
        await Store.Blobs.LinkAsync(Other, layer, source: null, Cancellation);
        await Store.Blobs.FindAsync(Other, layer, Cancellation);
        await Store.Blobs.UnlinkAsync(Other, layer, Cancellation);
        await Store.Repositories.ListAsync("a", 10, Cancellation);
        await Store.Tags.ListAsync(App, "a", 10, Cancellation);
        await Store.Tags.FindAsync(App, Latest, Cancellation);
        await Store.Tags.MoveAsync(App, Tag.Parse("v1"), image.Digest, mayOverwrite: true, Cancellation);
        await Store.Tags.DeleteAsync(App, Latest, Cancellation);
        await Store.Manifests.ResolveAsync(App, Latest, Cancellation);
        await Store.Manifests.ResolveAsync(App, image.Digest, Cancellation);
        await Store.Manifests.FindAsync(App, Latest, Cancellation);
        await Store.Manifests.FindAsync(App, image.Digest, Cancellation);
        await Store.Referrers.ListAsync(App, image.Digest, artifactType: null, 0, 10, Cancellation);
        await Store.Referrers.ListAsync(App, image.Digest, "application/x-type", 0, 10, Cancellation);
        await Store.Manifests.DeleteAsync(App, index.Digest, Cancellation);
        await Store.Inspection.FindKeyAsync(healed.Key, Cancellation);
    }

    private async Task<HashSet<string>> StatementsAsync()
    {
        var database = Assert.IsType<SqliteMetadataStore>(Store).Database;
        var statements = new HashSet<string>(await database.ChangeAsync(Touch.Nothing, connection => connection.Statements.ToList(), Cancellation), StringComparer.Ordinal);
        for (var reader = 0; reader < SqliteReaders.Count; reader++) // they take turns
        {
            statements.UnionWith(await database.ReadAsync(connection => connection.Statements.ToList(), Cancellation));
        }

        return statements;
    }

    private List<string> Plan(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={Database.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {statement}";
        for (var index = 1; statement.Contains($"?{index}", StringComparison.Ordinal); index++)
        {
            command.Parameters.AddWithValue($"?{index}", 1);
        }

        var steps = new List<string>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            steps.Add(row.GetString(3));
        }

        return steps;
    }
}
