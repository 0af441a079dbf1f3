namespace Berth.Safety.Tests.History;

/// <summary>What a request does to a register, which holds a text or nothing: a tag its digest, a blob or manifest its presence.</summary>
public sealed class Effect
{
    /// <summary>The value of what is there and has no other value.</summary>
    public const string There = "there";

    private readonly string _name;
    private readonly Func<string?, bool> _isPossible;
    private readonly Func<string?, string?> _apply;

    private Effect(string name, Func<string?, bool> isPossible, Func<string?, string?> apply) =>
        (_name, _isPossible, _apply) = (name, isPossible, apply);

    /// <summary>Deletes what is there, and is possible only if something is.</summary>
    public static Effect Delete { get; } = new("delete", before => before is not null, _ => null);

    public static Effect Write(string value) => new($"write {value}", _ => true, _ => value);

    /// <summary>Saw this value; null: saw that nothing was there.</summary>
    public static Effect Read(string? value) => new($"read {value ?? "nothing"}", before => before == value, before => before);

    /// <summary>Deletes the value if it is this one, as a manifest takes its tags with it.</summary>
    public static Effect DeleteIf(string value) => new($"delete if {value}", _ => true, before => before == value ? null : before);

    /// <returns>False when the request cannot have found the register like this.</returns>
    public bool TryApply(string? before, out string? after)
    {
        after = _apply(before);
        return _isPossible(before);
    }

    public override string ToString() => _name;
}
