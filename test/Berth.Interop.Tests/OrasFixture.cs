namespace Berth.Interop.Tests;

public sealed class OrasFixture() : ClientFixture(["oras"])
{
    private Tool? _oras;

    public Tool Oras => _oras ??= new Tool("oras", Workspace);
}
