global using Berth.Oci;
global using Berth.Testing;
