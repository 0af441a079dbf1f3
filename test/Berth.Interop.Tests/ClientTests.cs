namespace Berth.Interop.Tests;

/// <summary>Tests of one client.</summary>
public abstract class ClientTests<TFixture> : IClassFixture<TFixture>, IDisposable
    where TFixture : ClientFixture
{
    protected ClientTests(TFixture fixture)
    {
        fixture.Require();
        Fixture = fixture;
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TFixture Fixture { get; }

    protected Workspace Workspace => Fixture.Workspace;

    protected RegistryProcess Registry => Fixture.Registry;

    /// <summary>Of a failed test the registry's side is told, too.</summary>
    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(Registry.Log);
        }

        GC.SuppressFinalize(this);
    }
}
