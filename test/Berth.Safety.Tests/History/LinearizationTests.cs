namespace Berth.Safety.Tests.History;

/// <summary>A checker that finds nothing wrong is worth only as much as what it would find.</summary>
public sealed class LinearizationTests
{
    [Fact]
    public void A_value_that_was_written_is_read() => Possible("a", Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.Read("a")));

    [Fact]
    public void A_write_that_was_acknowledged_cannot_be_lost() => Impossible(Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.Read(null)));

    [Fact]
    public void Nor_can_an_older_value_come_back() =>
        Impossible(Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.Write("b")), Ended(5, 6, Effect.Read("a")));

    [Fact]
    public void Writes_at_the_same_time_may_have_either_order()
    {
        Possible("a", Ended(1, 4, Effect.Write("a")), Ended(2, 3, Effect.Write("b")), Ended(5, 6, Effect.Read("a")));
        Possible("b", Ended(1, 4, Effect.Write("a")), Ended(2, 3, Effect.Write("b")), Ended(5, 6, Effect.Read("b")));
    }

    [Fact]
    public void But_not_both() => Impossible(
        Ended(1, 4, Effect.Write("a")), Ended(2, 3, Effect.Write("b")), Ended(5, 6, Effect.Read("b")), Ended(7, 8, Effect.Read("a")));

    [Fact]
    public void What_nobody_heard_of_may_have_happened_or_not()
    {
        Possible("a", Unknown(1, Effect.Write("a")), Ended(2, 3, Effect.Read("a")));
        Possible(null, Unknown(1, Effect.Write("a")), Ended(2, 3, Effect.Read(null)));
        Possible("a", Ended(1, 2, Effect.Write("b")), Unknown(3, Effect.Write("a")), Ended(4, 5, Effect.Read("b")), Ended(6, 7, Effect.Read("a")));
    }

    [Fact]
    public void But_not_before_it_began() => Impossible(Ended(1, 2, Effect.Read("a")), Unknown(3, Effect.Write("a")));

    [Fact]
    public void Nor_be_undone() =>
        Impossible(Unknown(1, Effect.Write("a")), Ended(2, 3, Effect.Read("a")), Ended(4, 5, Effect.Read(null)));

    [Fact]
    public void Of_many_that_nobody_heard_of_any_may_have_happened()
    {
        var unknown = Enumerable.Range(0, 50).Select(number => Unknown(number, Effect.Write($"{number % 25}"))).ToArray();

        Possible("7", [.. unknown, Ended(60, 61, Effect.Read("3")), Ended(62, 63, Effect.Read("7"))]);
        Impossible([.. unknown, Ended(60, 61, Effect.Read("other"))]);
    }

    [Fact]
    public void Only_what_is_there_can_be_deleted()
    {
        Possible(null, Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.Delete));
        Impossible(Ended(1, 2, Effect.Delete));
        Impossible(Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.Delete), Ended(5, 6, Effect.Delete));
    }

    [Fact]
    public void A_value_goes_with_what_it_names_and_another_stays()
    {
        Possible(null, Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.DeleteIf("a")), Ended(5, 6, Effect.Read(null)));
        Possible("a", Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.DeleteIf("b")), Ended(5, 6, Effect.Read("a")));
        Impossible(Ended(1, 2, Effect.Write("a")), Ended(3, 4, Effect.DeleteIf("b")), Ended(5, 6, Effect.Read(null)));
    }

    private static Call Ended(long start, long end, Effect effect) => new(start, end, effect);

    private static Call Unknown(long start, Effect effect) => new(start, End: null, effect);

    private static void Possible(string? value, params Call[] calls) => Assert.Contains(value, Linearization.Explain([null], calls));

    private static void Impossible(params Call[] calls) => Assert.Empty(Linearization.Explain([null], calls));
}
