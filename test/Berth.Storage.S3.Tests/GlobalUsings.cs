global using Berth.Oci;
global using Berth.Testing;

[assembly: AssemblyFixture(typeof(S3Server))]
