using Clearway.Auth.V1;
using Clearway.Chat.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;

namespace Clearway.Proxy.PredictiveText;

/// <summary><c>POST /api/v1/t9/forget</c>: makes predictive text forget the words that a room, or a whole tenant, has taught it.</summary>
internal static class ForgetWordsEndpoint
{
    private const int MaxBodyBytes = 1024;
    private const int MaxWordLength = 32;

    private const string Room = "room";
    private const string Tenant = "tenant";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The token's room for organizers and moderators, its tenant for organizers alone.</summary>
    internal static async Task<IResult> ForgetAsync(
        HttpContext context,
        PredictiveTextService.PredictiveTextServiceClient predictions,
        TimeProvider time)
    {
        var (body, problem) = await JsonBody.ReadAsync<Forgetting>(context.Request, MaxBodyBytes);
        if (body is null)
        {
            return problem!.ToResult();
        }

        if (body.Scope is not (Room or Tenant) || body.Word is { Length: 0 or > MaxWordLength })
        {
            return Problem.BadRequest($"scope is {Room} or {Tenant}; word, if given, has 1 to {MaxWordLength} characters.").ToResult();
        }

        var claims = context.RoomClaims();
        if (body.Scope == Tenant && claims.Role != Role.Organizer)
        {
            return Problem.RoleForbidden.ToResult();
        }

        await predictions.ForgetWordsAsync(
            new ForgetWordsRequest { Tenant = claims.Tenant, Room = body.Scope == Room ? claims.Room : "", Word = body.Word ?? "" },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary>What is to be forgotten.</summary>
    /// <param name="Scope"><c>room</c> or <c>tenant</c>.</param>
    /// <param name="Word">One word; null for all.</param>
    private sealed record Forgetting(string Scope, string? Word = null);
}
