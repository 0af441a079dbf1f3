namespace Berth.Oci;

/// <summary>The error document. Distribution specification, "Error codes".</summary>
public sealed record ErrorBody(IReadOnlyList<ErrorBody.Entry> Errors)
{
    public static ErrorBody Of(params IEnumerable<OciError> errors) =>
        new([.. errors.Select(error => new Entry(error.Code, error.Message, error.Detail))]);

    public sealed record Entry(OciErrorCode Code, string Message, string? Detail);
}
