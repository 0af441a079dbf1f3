namespace Berth.Server.Configuration;

/// <summary>Where a setting was written: a file with the line, or an environment variable.</summary>
/// <param name="Source">The path of the file, or the name of the variable.</param>
/// <param name="Line">Counted from 1; 0 where lines mean nothing.</param>
public readonly record struct Origin(string Source, long Line = 0)
{
    public override string ToString() => Line > 0 ? $"{Printable.Of(Source)}, line {Line}" : Printable.Of(Source);
}
