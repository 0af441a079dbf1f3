using Berth.Metadata.Sqlite;
using Berth.Testing.Metadata;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;

namespace Berth.Tests.Metadata.Sqlite;

public sealed class SqliteModelTests
{
    private const int Actions = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_random_changes_end_as_in_the_model() =>
        await Gen.Select(Gen.Int[0, Actions - 1], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99]).Array[500].SampleAsync(
            async steps =>
            {
                await using var database = new SqliteTestDatabase();
                await using var store = await SqliteMetadataStore.OpenAsync(
                    database.Path, TimeProvider.System, NullLogger<SqliteMetadataStore>.Instance, Cancellation);
                var comparison = new ModelComparison(store, TimeProvider.System);
                foreach (var step in steps)
                {
                    await comparison.StepAsync(step);
                }

                await comparison.CompareAsync();
            },
            iter: 20);
}
