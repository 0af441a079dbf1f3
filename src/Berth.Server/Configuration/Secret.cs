namespace Berth.Server.Configuration;

/// <summary>A value that must not reach a message or a log: it shows itself as <c>***</c>.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    public override string ToString() => "***";
}
