namespace Berth.Benchmarks;

/// <summary>The most that one call of a benchmark may allocate.</summary>
/// <param name="bytes">In the whole process.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BudgetAttribute(int bytes) : Attribute
{
    public int Bytes => bytes;
}
