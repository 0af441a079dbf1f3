namespace Berth.Server.Authentication;

/// <summary>One grant of a token, as token servers write it: <c>{"type":"repository","name":"a/b","actions":["pull","push"]}</c>.</summary>
internal sealed record AccessClaim(string? Type, string? Name, IReadOnlyList<string>? Actions);
