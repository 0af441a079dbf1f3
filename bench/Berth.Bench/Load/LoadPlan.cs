namespace Berth.Bench.Load;

/// <summary>How much load, on what, for how long.</summary>
/// <param name="Label">The name of the measurement in the results.</param>
/// <param name="Server">What is measured: <c>berth</c>, or what it is compared with.</param>
/// <param name="At">What differs between measurements of one label: objects that the registry holds, or bytes of a blob; null where nothing does.</param>
/// <param name="Url">The registry's address.</param>
/// <param name="ProcessId">The registry's process, whose costs are read; null: only times are measured.</param>
/// <param name="Clients">Clients, each of which starts an operation when its last one has ended.</param>
/// <param name="Operations">Operations to measure, over all clients.</param>
/// <param name="WarmUp">Operations before the measured ones.</param>
/// <param name="TimeLimit">No operation is started after this time; one that runs twice as long is cut off and fails the run.</param>
/// <param name="JsonFile">Where to append the measurement as a line of JSON; null: nowhere.</param>
internal sealed record LoadPlan(
    string Label,
    string Server,
    int? At,
    Uri Url,
    int? ProcessId,
    int Clients,
    int Operations,
    int WarmUp,
    TimeSpan TimeLimit,
    FileInfo? JsonFile);
