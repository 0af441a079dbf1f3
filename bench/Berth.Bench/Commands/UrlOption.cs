using System.CommandLine;

namespace Berth.Bench.Commands;

/// <summary><c>--url</c>, an absolute address.</summary>
internal static class UrlOption
{
    public static Option<Uri> Create(string description) => new("--url")
    {
        Description = description,
        Required = true,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url))
            {
                return url;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no absolute address, such as http://127.0.0.1:5000");
            return null;
        },
    };
}
