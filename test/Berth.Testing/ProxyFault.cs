namespace Berth.Testing;

/// <summary>What goes wrong with one request.</summary>
/// <param name="Instead">The server does not see the request, and this is the answer.</param>
/// <param name="InsteadOfTheAnswer">The server does what was asked, and this is the answer.</param>
public sealed record ProxyFault(ProxyCut? Cut = null, HttpMessage? Instead = null, HttpMessage? InsteadOfTheAnswer = null);
