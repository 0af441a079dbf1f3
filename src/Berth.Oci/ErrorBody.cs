namespace Berth.Oci;

/// <summary>The error document.</summary>
/// <remarks>Distribution specification, "Error Codes".</remarks>
public sealed record ErrorBody(IReadOnlyList<ErrorBody.Entry> Errors)
{
    public static ErrorBody Of(params IEnumerable<OciError> errors) =>
        new([.. errors.Select(error => new Entry(error.Code, error.Message, error.Detail))]);

    /// <summary>One error of the document.</summary>
    public sealed record Entry(OciErrorCode Code, string Message, string? Detail);
}
