namespace Berth.Bench.Load;

/// <summary>The registry answered something else than the load expects, so that its speed means nothing.</summary>
internal sealed class WrongAnswerException(string message) : Exception(message);
