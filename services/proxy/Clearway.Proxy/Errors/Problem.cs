namespace Clearway.Proxy.Errors;

/// <summary>An expected refusal: its stable code and HTTP status (docs/rest-api.md).</summary>
internal sealed record Problem(int Status, string Code, string? Detail = null)
{
    internal static readonly Problem RecordingIdMalformed =
        new(400, "recording_id_malformed", "A recording id has 26 characters of Crockford's base 32 in lower case.");

    internal static readonly Problem NotSignedIn = new(401, "not_signed_in", "Sign in as an organizer.");
    internal static readonly Problem TokenMissing = new(401, "token_missing", "Send the room token as 'Authorization: Bearer ...'.");
    internal static readonly Problem ApiKeyRefused =
        new(401, "api_key_refused", "Send id and secret of an API key as 'Authorization: Basic ...'.");

    internal static readonly Problem CertificateMissing =
        new(401, "certificate_missing", "This connection has shown no client certificate.");

    internal static readonly Problem CertificateRefused = new(403, "certificate_refused", "The client certificate is not one that is taken here.");

    internal static readonly Problem OriginRefused = new(403, "origin_refused", "This origin is not on the allowed list.");
    internal static readonly Problem RoomForbidden = new(403, "room_forbidden", "The token is for another room.");
    internal static readonly Problem RoleForbidden = new(403, "role_forbidden", "The role may not do this.");
    internal static readonly Problem LinkRefused = new(403, "link_refused", "The download link is not valid.");
    internal static readonly Problem NotFound = new(404, "not_found");
    internal static readonly Problem PreconditionFailed = new(412, "precondition_failed", "The file is another by now.");
    internal static readonly Problem TusVersion = new(412, "tus_version", "Send Tus-Resumable: 1.0.0.");
    internal static readonly Problem BodyTooLarge = new(413, "body_too_large");
    internal static readonly Problem MediaType = new(415, "media_type");
    internal static readonly Problem TooManyRequests = new(429, "too_many_requests");
    internal static readonly Problem Internal = new(500, "internal");
    internal static readonly Problem Unavailable = new(503, "unavailable", "A service behind this one does not answer.");

    /// <summary>Codes that arrive from the services behind, and their HTTP status.</summary>
    private static readonly Dictionary<string, int> Statuses = new(StringComparer.Ordinal)
    {
        ["bad_request"] = 400,
        ["recording_id_malformed"] = 400,
        ["upload_length"] = 400,
        ["checksum_unsupported"] = 400,
        ["token_malformed"] = 401,
        ["token_signature"] = 401,
        ["token_expired"] = 401,
        ["token_not_yet_valid"] = 401,
        ["token_audience"] = 401,
        ["token_issuer"] = 401,
        ["token_revoked"] = 401,
        ["certificate_refused"] = 403,
        ["certificate_unmapped"] = 403,
        ["link_refused"] = 403,
        ["address_refused"] = 403,
        ["upload_key_refused"] = 403,
        ["room_forbidden"] = 403,
        ["not_found"] = 404,
        ["upload_offset"] = 409,
        ["upload_busy"] = 409,
        ["recording_taken"] = 409,
        ["recording_sealed"] = 409,
        ["recording_open"] = 409,
        ["recording_archived"] = 409,
        ["link_expired"] = 410,
        ["body_too_large"] = 413,
        ["range_not_satisfiable"] = 416,
        ["recording_malformed"] = 422,
        ["checksum_mismatch"] = 460,
        ["unavailable"] = 503,
        ["storage_full"] = 507,
        ["quota_exceeded"] = 507,
    };

    /// <summary>Malformed input; <paramref name="detail"/> names what is wrong and never repeats it.</summary>
    internal static Problem BadRequest(string detail) => new(400, "bad_request", detail);

    internal static Problem GrantMissing(string grant) => new(403, "grant_missing", $"The API key is not granted {grant}.");

    /// <summary>A code of another service; null when it is not one of the contract.</summary>
    internal static Problem? FromCode(string? code, string? detail = null) =>
        code is not null && Statuses.TryGetValue(code, out var status) ? new Problem(status, code, detail) : null;
}
