namespace Berth.Access;

/// <summary>The one place that decides whether a change may happen. Every path on which a client changes something passes here.</summary>
public sealed class EffectGuard(RegistryOptions options)
{
    /// <exception cref="OciException">UNSUPPORTED: the registry is read-only, or deletion is off.</exception>
    public void Demand(Effect effect)
    {
        if (options.IsReadOnly)
        {
            throw new OciException(OciError.ReadOnly());
        }

        if (effect == Effect.Delete && !options.IsDeleteEnabled)
        {
            throw new OciException(OciError.DeleteDisabled());
        }
    }
}
