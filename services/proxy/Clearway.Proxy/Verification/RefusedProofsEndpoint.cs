using System.Text.RegularExpressions;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;

namespace Clearway.Proxy.Verification;

/// <summary>A participant whose proof a browser refused, and why.</summary>
internal sealed record RefusedProof(string? PeerId, string? Reason);

/// <summary>
/// <c>POST /api/v1/verification/refusals</c>: a browser found no valid proof in what is said to come from another participant. It tells the
/// edge and not the gateway, for the gateway is the one who may stand between the two.
/// </summary>
internal static partial class RefusedProofsEndpoint
{
    private const int MaxBodyBytes = 1024;

    internal static void MapRefusedProofs(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/api/v1/verification/refusals", TakeAsync).RequireRoomToken();

    private static async Task<IResult> TakeAsync(HttpContext context, ILoggerFactory loggers)
    {
        var (refused, problem) = await JsonBody.ReadAsync<RefusedProof>(context.Request, MaxBodyBytes);
        if (refused is null)
        {
            return problem!.ToResult();
        }

        // What is written into the log is of a form in which nobody can write lines of their own.
        if (refused is not { PeerId: { } peer, Reason: { } reason } || !Identifier().IsMatch(peer) || !ReasonCode().IsMatch(reason))
        {
            return Problem.BadRequest("peer_id is a participant's id, reason a code of at most 32 characters.").ToResult();
        }

        var claims = context.RoomClaims();
        LogRefused(loggers.CreateLogger(AuditLog.Category), claims.Subject, peer, reason, claims.Room, claims.Tenant);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex("^[a-z_]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex ReasonCode();

    [LoggerMessage(
        EventId = 221,
        Level = LogLevel.Warning,
        Message = "{Participant} refused the proof of {Peer} ({Reason}) in room {Room} of {Tenant}")]
    private static partial void LogRefused(ILogger logger, string participant, string peer, string reason, string room, string tenant);
}
