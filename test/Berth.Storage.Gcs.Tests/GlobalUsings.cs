global using Berth.Testing;
global using Berth.Testing.Gcs;
global using Berth.Testing.Storage;
