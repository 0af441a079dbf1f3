namespace Berth.Server.Tests.Conformance.Main;

/// <summary>The content sets against a registry as it comes.</summary>
public sealed class DefaultContentSetTests(ConformanceRegistry registry) : ContentSetTests(registry), IClassFixture<ConformanceRegistry>;
