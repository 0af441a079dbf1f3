namespace Berth.Storage.Azure;

/// <summary>Numbers of log events. They are public: never reuse one.</summary>
internal static class AzureEventIds
{
    public const int CannotSign = 1110;
}
