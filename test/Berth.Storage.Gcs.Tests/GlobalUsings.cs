global using Berth.Oci;
global using Berth.Testing;
global using Berth.Testing.Gcs;
