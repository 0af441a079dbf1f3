global using Berth.Oci;
