namespace Berth.Interop.Tests;

public sealed class PublishContainerFixture() : ClientFixture(["dotnet", "buildah", "busybox"], needsRoot: true);
