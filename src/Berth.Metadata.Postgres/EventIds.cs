namespace Berth.Metadata.Postgres;

/// <summary>Numbers of log events, 1070 to 1079. They are public: never reuse one.</summary>
internal static class EventIds
{
    public const int SchemaMigrated = 1070;
    public const int NotDurable = 1071;
    public const int TriedAgain = 1072;
    public const int OutcomeUnknown = 1073;
}
