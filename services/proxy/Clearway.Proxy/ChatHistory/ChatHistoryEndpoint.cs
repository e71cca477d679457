using System.Globalization;
using Clearway.Chat.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Clearway.ServiceDefaults;
using Microsoft.Extensions.Primitives;

namespace Clearway.Proxy.ChatHistory;

/// <summary><c>GET /api/v1/rooms/{room}/messages</c>: the history of the token's own room, page by page, and what is found in it.</summary>
internal static class ChatHistoryEndpoint
{
    private const int MaxLimit = 200;
    private const int DefaultLimit = 50;
    private const int MaxSearchLength = 200;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    internal static void AddChatHistory(this IHostApplicationBuilder builder)
    {
        var address = builder.Configuration.GetServiceAddress("chat", "grpc");
        builder.Services
            .AddGrpcClient<ChatHistoryService.ChatHistoryServiceClient>(client => client.Address = address)
            .AddServiceResilience(resilience => resilience.Idempotent = true);
    }

    internal static void MapChatHistory(this IEndpointRouteBuilder endpoints)
    {
        var messages = endpoints.MapGroup("/api/v1/rooms/{room}/messages");
        messages.MapGet("", GetPageAsync).RequireRoomToken();
        messages.MapGet("/search", SearchAsync).RequireRoomToken();
        messages.MapGet("/export", HistoryExport.ExportAsync).RequireRoomToken();
    }

    private static async Task<IResult> GetPageAsync(
        HttpContext context,
        ChatHistoryService.ChatHistoryServiceClient history,
        TimeProvider time)
    {
        var claims = context.RoomClaims();
        var isForward = context.Request.Query.ContainsKey("after");
        if (Number(context.Request.Query["before"], 0) is not { } before
            || Number(context.Request.Query["after"], 0) is not { } after
            || (before > 0 && isForward)
            || Number(context.Request.Query["limit"], DefaultLimit) is not (>= 1 and <= MaxLimit and var limit))
        {
            return Problem.BadRequest($"before or after is a sequence, limit is 1 to {MaxLimit}.").ToResult();
        }

        var request = new GetPageRequest { Tenant = claims.Tenant, Room = claims.Room, Before = before, Limit = (int)limit };
        if (isForward)
        {
            request.After = after;
        }

        var page = await history.GetPageAsync(
            request,
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Wire.ToJson(new MessagePage([.. page.Messages.Select(HistoryMessage.Of)], page.NextBefore, page.NextAfter == 0 ? null : page.NextAfter));
    }

    private static async Task<IResult> SearchAsync(
        HttpContext context,
        ChatHistoryService.ChatHistoryServiceClient history,
        TimeProvider time)
    {
        var claims = context.RoomClaims();
        var query = context.Request.Query;
        if (query["text"] is not [{ Length: > 0 and <= MaxSearchLength } text]
            || Number(query["before"], 0) is not { } before
            || Number(query["limit"], DefaultLimit) is not (>= 1 and <= MaxLimit and var limit))
        {
            return Problem.BadRequest($"text has 1 to {MaxSearchLength} characters, before is a sequence, limit is 1 to {MaxLimit}.").ToResult();
        }

        var page = await history.SearchAsync(
            new SearchRequest { Tenant = claims.Tenant, Room = claims.Room, Text = text, Before = before, Limit = (int)limit },
            deadline: time.GetUtcNow().UtcDateTime + Deadline,
            cancellationToken: context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Wire.ToJson(new MessagePage([.. page.Messages.Select(HistoryMessage.Of)], page.NextBefore, NextAfter: null));
    }

    private static long? Number(StringValues text, long absent) => text.Count switch
    {
        0 => absent,
        1 when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };
}
