namespace Clearway.Signaling.Administration;

/// <summary>An expected refusal of the REST API, as <c>application/problem+json</c> (RFC 9457) with a stable code of docs/rest-api.md.</summary>
internal sealed record RestRefusal(int Status, string Code, string Detail) : IResult
{
    internal static readonly RestRefusal NotFound = new(StatusCodes.Status404NotFound, "not_found", "This tenant has no such room, or it is over.");

    internal static readonly RestRefusal NoParticipant = new(StatusCodes.Status404NotFound, "not_found", "Nobody of that id is in the room.");

    internal static readonly RestRefusal MediaType =
        new(StatusCodes.Status415UnsupportedMediaType, "media_type", "Send application/json.");

    internal static readonly RestRefusal Unavailable =
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "A service that is needed does not answer.");

    internal static RestRefusal BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "bad_request", detail);

    internal static RestRefusal GrantMissing(string grant) =>
        new(StatusCodes.Status403Forbidden, "grant_missing", $"The API key is not granted {grant}.");

    /// <summary>What Auth says of a key.</summary>
    internal static RestRefusal OfKey(string code) => new(StatusCodes.Status401Unauthorized, code, "The API key is refused.");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "2";
        }

        return Results.Problem(Detail, statusCode: Status, type: "about:blank", extensions: [new("code", Code)]).ExecuteAsync(httpContext);
    }
}
