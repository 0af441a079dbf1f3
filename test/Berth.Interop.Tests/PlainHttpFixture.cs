namespace Berth.Interop.Tests;

public sealed class PlainHttpFixture() : ClientFixture([]);
