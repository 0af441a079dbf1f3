using Berth.Server.Hosting;

namespace Berth.Server.Tests.Configuration;

public sealed class MetadataSectionTests : IDisposable
{
    private const string Password = "hunter2";
    private const string ConnectionString = $"Host=db;Database=berth;Username=berth;Password={Password}";

    private readonly ConfigurationFixture _fixture = new();

    public void Dispose()
    {
        File.Delete(SecretPath);
        _fixture.Dispose();
    }

    private string SecretPath => Path.Combine(_fixture.FolderPath, "connection");

    [Fact]
    public void The_database_is_embedded_unless_another_one_is_named()
    {
        var defaults = BerthOptions.From(new());
        var moved = BerthOptions.From(_fixture.LoadFile("metadata: {sqlite: {path: /fast/meta.db}}").Configuration);

        Assert.Null(defaults.Postgres);
        Assert.Null(defaults.SqlitePath);
        Assert.Null(moved.Postgres);
        Assert.Equal("/fast/meta.db", moved.SqlitePath);
    }

    [Fact]
    public void With_a_bucket_the_folder_of_the_database_is_the_data_folder()
    {
        const string bucket = "storage: {s3: {bucket: b, region: eu-central-1}}";

        Assert.Equal("/fast/berth", BerthOptions.From(_fixture.LoadFile($"{bucket}\nmetadata: {{sqlite: {{path: /fast/berth/meta.db}}}}").Configuration).DataFolder);
        Assert.Equal("./berth-data", BerthOptions.From(_fixture.LoadFile(bucket).Configuration).DataFolder);
        Assert.Equal("./berth-data", BerthOptions.From(_fixture.LoadFile("metadata: {sqlite: {path: /fast/berth/meta.db}}").Configuration).DataFolder);
    }

    [Fact]
    public void PostgreSQL_takes_its_place()
    {
        var loaded = _fixture.LoadFile($"metadata:\n  postgres:\n    connectionstring: {ConnectionString}\n    schema: images\n    maxconnections: 7\n");

        var options = BerthOptions.From(loaded.Configuration).Postgres!;

        Assert.Empty(loaded.Warnings);
        Assert.Equal((ConnectionString, "images", 7), (options.ConnectionString, options.Schema, options.MaxConnections));
        Assert.DoesNotContain(Password, $"{loaded.Configuration}", StringComparison.Ordinal);
        Assert.DoesNotContain(Password, $"{BerthOptions.From(loaded.Configuration)}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_string_may_stand_in_a_file_of_its_own()
    {
        File.WriteAllText(SecretPath, $"{ConnectionString}\n");

        var options = ConfigurationFixture.LoadVariables(("REGISTRY_METADATA_POSTGRES_CONNECTIONSTRINGFILE", SecretPath)).Configuration.Metadata.Postgres!;

        Assert.Equal((ConnectionString, "berth", 20), (options.ConnectionString, options.Schema, options.MaxConnections));
    }

    [Theory]
    [InlineData("postgres:", "metadata.postgres.connectionstring (config.yml, line 1): must be set, or connectionstringfile")]
    [InlineData("postgres: {schema: a}", "metadata.postgres.connectionstring (config.yml, line 1): must be set, or connectionstringfile")]
    [InlineData($"postgres: {{connectionstring: '{ConnectionString}', connectionstringfile: /a}}",
        "metadata.postgres.connectionstring (config.yml, line 1): must not be set together with connectionstringfile")]
    [InlineData($"postgres: {{connectionstring: 'Hots=db;Password={Password}'}}",
        "metadata.postgres.connectionstring (config.yml, line 1): must be a connection string such as Host=db;Database=berth;Username=berth;Password=...")]
    [InlineData("postgres: {connectionstringfile: /nothing/there}",
        "metadata.postgres.connectionstringfile (config.yml, line 1): names a file that does not exist")]
    [InlineData($"postgres: {{connectionstring: '{ConnectionString}', schema: A-b}}",
        "metadata.postgres.schema (config.yml, line 1): must be a name of lower-case letters, digits and underscores")]
    [InlineData($"postgres: {{connectionstring: '{ConnectionString}', maxconnections: 1}}",
        "metadata.postgres.maxconnections (config.yml, line 1): must be at least 2")]
    [InlineData($"sqlite: {{path: /a}}, postgres: {{connectionstring: '{ConnectionString}'}}",
        "metadata.sqlite (config.yml, line 1): must be the only database")]
    [InlineData("sqlite: {path: ''}", "metadata.sqlite.path (config.yml, line 1): must be the path of a file")]
    public void What_is_wrong_is_named_without_the_password(string section, string message)
    {
        Assert.Equal(message, _fixture.MistakeIn($"metadata: {{{section}}}".Replace("postgres:}", "postgres: }", StringComparison.Ordinal)));
        Assert.DoesNotContain(Password, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_connection_string_is_refused_and_not_shown()
    {
        File.WriteAllText(SecretPath, Password);

        var mistake = _fixture.MistakeIn($"metadata: {{postgres: {{connectionstringfile: '{SecretPath}'}}}}");

        Assert.Contains("must name a file with a connection string", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, mistake, StringComparison.Ordinal);
    }
}
