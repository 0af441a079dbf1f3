global using Berth.Testing;
global using Berth.Testing.Storage;

[assembly: AssemblyFixture(typeof(AzuriteServer))]
