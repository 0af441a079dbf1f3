global using Berth.Oci;
global using Berth.Testing;

[assembly: AssemblyFixture(typeof(AzuriteServer))]
