global using Berth.Oci;
global using Berth.Testing;
global using Berth.Testing.Storage;

[assembly: AssemblyFixture(typeof(S3Server))]
