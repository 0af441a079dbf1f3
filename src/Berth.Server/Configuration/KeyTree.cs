namespace Berth.Server.Configuration;

/// <summary>The table of keys as a tree: what may stand at one place of the configuration.</summary>
internal sealed class KeyTree
{
    private readonly Dictionary<string, KeyTree> _children = [];

    private KeyTree()
    {
    }

    public static KeyTree Root { get; } = Build();

    /// <summary>Null where no key of the table stands: an effective section.</summary>
    public ConfigurationKey? Key { get; private set; }

    public IReadOnlyDictionary<string, KeyTree> Children => _children;

    /// <summary>What stands under every name of a map whose names are the operator's.</summary>
    public KeyTree? AnyName { get; private set; }

    /// <summary>What each item of a list is.</summary>
    public KeyTree? Item { get; private set; }

    /// <summary>Whether anything may stand here.</summary>
    public bool IsFree { get; private set; }

    public bool IsLeaf => _children.Count == 0 && AnyName is null && Item is null && !IsFree;

    public KeyTree? Find(string name) => _children.GetValueOrDefault(name) ?? AnyName;

    private static KeyTree Build()
    {
        var root = new KeyTree();
        foreach (var key in ConfigurationKeys.All)
        {
            var node = root;
            foreach (var segment in key.Pattern.Replace("[]", ".[]", StringComparison.Ordinal).Split('.'))
            {
                node = node.Grow(segment);
            }

            node.Key = key;
        }

        return root;
    }

    private KeyTree Grow(string segment)
    {
        switch (segment)
        {
            case "[]":
                return Item ??= new();
            case "*":
                return AnyName ??= new();
            case "**":
                IsFree = true;
                return this;
            default:
                return _children.TryGetValue(segment, out var child) ? child : _children[segment] = new();
        }
    }
}
