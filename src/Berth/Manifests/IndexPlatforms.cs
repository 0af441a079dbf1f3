namespace Berth.Manifests;

/// <summary>Which children of an index must exist (distribution's <c>validation.manifests.indexes.platforms</c>).</summary>
public enum IndexPlatforms
{
    All,
    None,
    List,
}
