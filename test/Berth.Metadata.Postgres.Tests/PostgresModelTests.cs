using Berth.Testing.Metadata;
using CsCheck;

namespace Berth.Metadata.Postgres.Tests;

public sealed class PostgresModelTests
{
    private const int Actions = 20;

    [Fact]
    public async Task Two_thousand_random_changes_end_as_in_the_model() =>
        await Gen.Select(Gen.Int[0, Actions - 1], Gen.Int[0, 99], Gen.Int[0, 99], Gen.Int[0, 99]).Array[500].SampleAsync(
            async steps =>
            {
                await using var database = new PostgresTestDatabase();
                await using var store = await database.OpenStoreAsync();
                var comparison = new ModelComparison(store, TimeProvider.System);
                foreach (var step in steps)
                {
                    await comparison.StepAsync(step);
                }

                await comparison.CompareAsync();
            },
            iter: 4,
            threads: 2);
}
