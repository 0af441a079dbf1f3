namespace Berth.Bench.Load;

/// <summary>One simulated client. It does one operation at a time and checks every byte of the answer.</summary>
internal interface ILoadClient : IDisposable
{
    /// <summary>Does one operation.</summary>
    /// <param name="operation">Its number within the run, different for every operation of every client.</param>
    /// <returns>Bytes of content moved.</returns>
    /// <exception cref="WrongAnswerException">The registry answered something else than it should.</exception>
    ValueTask<long> RunAsync(int operation, CancellationToken cancellationToken);
}
