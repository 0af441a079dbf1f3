using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Berth.Server.Configuration;

/// <summary>A parser that fails in one way only. YamlDotNet's own throws whatever its internals ran into on some malformed text.</summary>
internal sealed class GuardedYamlParser(IParser inner) : IParser
{
    public ParsingEvent? Current => inner.Current;

    /// <exception cref="YamlException">The text is not YAML.</exception>
    public bool MoveNext()
    {
        try
        {
            return inner.MoveNext();
        }
        catch (Exception exception) when (exception is not (YamlException or OutOfMemoryException))
        {
            var place = Current?.End ?? Mark.Empty;
            throw new YamlException(place, place, "Something is not closed, or not indented as what is around it.", exception);
        }
    }
}
