using System.Globalization;
using Clearway.ServiceDefaults;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Microsoft.AspNetCore.Mvc;

namespace Clearway.Signaling.Administration;

/// <summary>
/// Rooms for the backends of their tenants (docs/backend-api.md). Any node answers: what it changes in Redis it tells the nodes that have the
/// room, as it does with the orders of those who are in it.
/// </summary>
internal static class AdministrationEndpoints
{
    private const int MaxBodyBytes = 1024;
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    internal static void AddAdministration(this IServiceCollection services)
    {
        services.AddSingleton<BackendCheck>();
        services.AddSingleton<BackendOrders>();
    }

    internal static void MapAdministration(this IEndpointRouteBuilder endpoints)
    {
        var rooms = endpoints.MapGroup("/api/v1/rooms").AddEndpointFilter(AnswerFaults);
        rooms.MapGet("", ListAsync).RequireGrant(Grant.ReadRooms);
        rooms.MapGet("/{room}", GetAsync).RequireGrant(Grant.ReadRooms);
        rooms.MapGet("/{room}/participants", ParticipantsAsync).RequireGrant(Grant.ReadRooms);
        rooms.MapDelete("/{room}", EndAsync).RequireGrant(Grant.ModerateRooms);
        rooms.MapDelete("/{room}/participants/{participant}", KickAsync).RequireGrant(Grant.ModerateRooms);
        rooms.MapPut("/{room}/lock", (HttpContext context, string room, BackendOrders orders) =>
            orders.GiveAsync(context.Backend(), room, new(ControlCommand.LockRoom, Locked: true))).RequireGrant(Grant.ModerateRooms);
        rooms.MapDelete("/{room}/lock", (HttpContext context, string room, BackendOrders orders) =>
            orders.GiveAsync(context.Backend(), room, new(ControlCommand.LockRoom, Locked: false))).RequireGrant(Grant.ModerateRooms);
        rooms.MapPut("/{room}/deadline", ExtendAsync).RequireGrant(Grant.ModerateRooms).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes));
    }

    private static async ValueTask<object?> AnswerFaults(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is StackExchange.Redis.RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(
                context.HttpContext.RequestServices.GetRequiredService<ILogger<BackendOrders>>(), "administration", exception);
            return RestRefusal.Unavailable;
        }
    }

    private static async Task<IResult> ListAsync(HttpContext context, Roster roster)
    {
        var query = context.Request.Query;
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var text)
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
        {
            return RestRefusal.BadRequest("limit is 1 to 100.");
        }

        if (!RoomCursor.TryParse(query["cursor"].ToString(), out var after))
        {
            return RestRefusal.BadRequest("cursor is none of a page before.");
        }

        var found = await roster.ListAsync(context.Backend().Tenant, after, limit);
        return TypedResults.Json(
            new RoomPage([.. found.Select(RoomBody.Of)], found.Count < limit ? null : RoomCursor.After(found[^1])),
            AdministrationJson.Default.RoomPage);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string room, BackendOrders orders) =>
        await orders.FindAsync(context.Backend(), room) is { } found
            ? TypedResults.Json(RoomBody.Of(found), AdministrationJson.Default.RoomBody)
            : RestRefusal.NotFound;

    private static async Task<IResult> ParticipantsAsync(HttpContext context, string room, BackendOrders orders) =>
        await orders.FindAsync(context.Backend(), room) is { } found
            ? TypedResults.Json(ParticipantList.Of(found.Snapshot), AdministrationJson.Default.ParticipantList)
            : RestRefusal.NotFound;

    private static async Task<IResult> EndAsync(HttpContext context, string room, BackendOrders orders) =>
        await orders.EndedAsync(context.Backend(), room)
            ? TypedResults.NoContent()
            : await orders.GiveAsync(context.Backend(), room, new(ControlCommand.EndRoom));

    private static async Task<IResult> KickAsync(HttpContext context, string room, string participant, BackendOrders orders) =>
        await orders.GiveAsync(context.Backend(), room, new(ControlCommand.KickPeer, participant));

    private static async Task<IResult> ExtendAsync(HttpContext context, string room, BackendOrders orders)
    {
        if (!context.Request.HasJsonContentType())
        {
            return RestRefusal.MediaType;
        }

        DeadlineBody? body;
        try
        {
            body = await context.Request.ReadFromJsonAsync(AdministrationJson.Default.DeadlineBody, context.RequestAborted);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or BadHttpRequestException)
        {
            body = null;
        }

        return body is not { Deadline: > 0 and <= RoomCursor.LatestTime }
            ? RestRefusal.BadRequest("The body is not {\"deadline\": milliseconds since 1970-01-01T00:00:00Z}.")
            : await orders.GiveAsync(context.Backend(), room, new(ControlCommand.Extend, Until: body.Deadline));
    }
}
