using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Berth.Server.Commands;

/// <summary>The generated help, then what the generator cannot know.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Text = """
        Examples:
          berth                                   start with the defaults: 127.0.0.1:5000, data in ./berth-data
          REGISTRY_HTTP_ADDR=:5000 berth          the same, open to the network
          berth serve /etc/berth/config.yml       start with a configuration file
          berth fsck /etc/berth/config.yml        check the data of that registry
          berth migrate --from old.yml --to new.yml
                                                  move a registry, such as to PostgreSQL and S3

        Configuration:
          The file is that of the CNCF distribution registry ("version: 0.1"). Every key is also an environment variable:
          storage.filesystem.rootdirectory is REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY, and variables win.
          Without a file argument, REGISTRY_CONFIGURATION_PATH names the file. No file is needed.

        Exit codes:
          0  done                        2  the command line or the configuration is wrong
          1  a failure at run time       3  fsck found something wrong; migrate: not identical yet;
                                            policy test: denied
                                        75  another process has the data folder
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult == parseResult.RootCommandResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Text);
        }

        return code;
    }
}
