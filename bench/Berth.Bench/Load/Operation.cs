namespace Berth.Bench.Load;

/// <summary>Does one operation of a client, which does one at a time, and checks every byte of what it is answered.</summary>
/// <param name="number">The operation's number, different for every operation of every client of a run.</param>
/// <returns>Bytes of content moved.</returns>
/// <exception cref="WrongAnswerException">The registry answered something else than it should.</exception>
internal delegate ValueTask<long> Operation(long number, CancellationToken cancellationToken);
