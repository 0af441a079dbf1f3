[assembly: AssemblyFixture(typeof(Berth.Testing.S3Server))]
