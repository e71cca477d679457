using System.Globalization;
using Clearway.Auth.Tokens;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace Clearway.Auth;

/// <summary>An expected refusal of the REST API, written as <c>application/problem+json</c> (RFC 9457) with a stable code.</summary>
internal sealed record Refusal(int Status, string Code, string Detail) : IResult
{
    private static readonly TimeSpan _retryUnavailableAfter = TimeSpan.FromSeconds(2);

    public static Refusal NameInvalid { get; } = new(
        StatusCodes.Status400BadRequest, "name_invalid", "A name has 1 to 64 characters that can be seen, and no control or override characters.");

    public static Refusal SignInRefused { get; } = new(StatusCodes.Status401Unauthorized, "sign_in_refused", "The password is not the organizers'.");

    public static Refusal NotSignedIn { get; } = new(StatusCodes.Status401Unauthorized, "not_signed_in", "Sign in first.");

    public static Refusal ApiKeyRefused { get; } = new(
        StatusCodes.Status401Unauthorized, "api_key_refused", "The request needs Authorization: Basic with the id and the secret of an API key.");

    public static Refusal TokenMissing { get; } = new(
        StatusCodes.Status401Unauthorized, "token_missing", "The request has no Authorization header of the scheme Bearer.");

    public static Refusal SessionOver { get; } = new(
        StatusCodes.Status401Unauthorized, "token_session_over", "The session has gone on for as long as one may: redeem an invitation again.");

    public static Refusal InvitationRefused { get; } = new(
        StatusCodes.Status403Forbidden, "invitation_refused", "This is not an invitation that can be redeemed here.");

    public static Refusal KeyRefused { get; } = new(
        StatusCodes.Status403Forbidden, "key_refused", "The request is not for the key that the token is bound to.");

    public static Refusal NotFound { get; } = new(StatusCodes.Status404NotFound, "not_found", "There is no such path.");

    public static Refusal InvitationUsed { get; } = new(
        StatusCodes.Status410Gone, "invitation_used", "The invitation was redeemed as often as it may be: ask the organizer for a new one.");

    public static Refusal InvitationExpired { get; } = new(
        StatusCodes.Status410Gone, "invitation_expired", "The invitation has expired: ask the organizer for a new one.");

    public static Refusal BodyTooLarge { get; } = new(
        StatusCodes.Status413PayloadTooLarge, "body_too_large", "The body is over the limit of this path.");

    public static Refusal MediaType { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, "media_type", "The request needs Content-Type: application/json, in UTF-8.");

    public static Refusal Internal { get; } = new(StatusCodes.Status500InternalServerError, "internal", "A fault of the service.");

    public static Refusal Unavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "Whether the credential was revoked cannot be told just now.")
    {
        RetryAfter = _retryUnavailableAfter,
    };

    public static Refusal CertificatesUnavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "unavailable", "No certificate authority is valid just now.")
    {
        RetryAfter = _retryUnavailableAfter,
    };

    /// <summary>Sent as <c>Retry-After</c>, in whole seconds rounded up.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Refusal BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "bad_request", detail);

    public static Refusal TooManyRequests(TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many attempts.") { RetryAfter = retryAfter };

    public static Refusal GrantMissing(string grant) => new(
        StatusCodes.Status403Forbidden, "grant_missing", $"The API key is not granted {grant}.");

    /// <summary>Why a bearer token is refused.</summary>
    public static Refusal Of(TokenRefusal refusal) => refusal is TokenRefusal.RevocationUnknown
        ? Unavailable
        : new Refusal(StatusCodes.Status401Unauthorized, refusal.Code(), "The token is refused.");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (RetryAfter is { } retryAfter)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var problem = new ProblemDetails { Type = "about:blank", Title = ReasonPhrases.GetReasonPhrase(Status), Status = Status, Detail = Detail };
        problem.Extensions["code"] = Code;
        return TypedResults.Problem(problem).ExecuteAsync(httpContext);
    }
}
