using System.CommandLine;
using Berth.Bench.Seeding;
using Berth.Metadata.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Bench.Commands;

/// <summary><c>seed</c>: a data folder with many tags, repositories and manifests, for Berth to be started on.</summary>
internal static class SeedCommand
{
    private const string DatabaseFile = "meta.db";

    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--folder") { Description = "The data folder, which no server uses.", Required = true };
        var tags = new Option<int>("--tags") { Description = "Tags in the repository bench/tags.", Required = true };
        var repositories = new Option<int>("--repositories") { Description = "Repositories bench/r0000000 and on.", Required = true };
        var manifests = new Option<int>("--manifests") { Description = "Manifests in the repository bench/referrers.", Required = true };
        var command = new Command("seed", "Fill a data folder with tags, repositories and manifests.") { folder, tags, repositories, manifests };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = parsed.GetRequiredValue(folder);
            data.Create();
            await using var metadata = await SqliteMetadataStore.OpenAsync(
                Path.Combine(data.FullName, DatabaseFile), TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, cancellationToken);
            var listings = new ListingSeed(metadata);
            await listings.AddTagsAsync(parsed.GetValue(tags), cancellationToken);
            await listings.AddRepositoriesAsync(parsed.GetValue(repositories), cancellationToken);
            await new ReferrersSeed(metadata).AddAsync(parsed.GetValue(manifests), cancellationToken);
            return 0;
        });
        return command;
    }
}
