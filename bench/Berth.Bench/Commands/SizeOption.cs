using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Berth.Bench.Commands;

/// <summary>A number of bytes, such as <c>512</c>, <c>4K</c>, <c>64M</c>, <c>1G</c>, in powers of 1024.</summary>
internal static class SizeOption
{
    public static Option<long> Create(string name, string description, long size) => new(name)
    {
        Description = $"{description}, such as 512, 4K, 64M or 1G.",
        DefaultValueFactory = _ => size,
        CustomParser = Parse,
    };

    private static long Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var shift = text[^1] switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        if (!long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            result.AddError($"'{text}' is no size");
        }

        return count << shift;
    }
}
