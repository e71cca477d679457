using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Clearway.Chat.V1;
using Clearway.Proxy.Access;
using Clearway.Proxy.Errors;
using Grpc.Core;

namespace Clearway.Proxy.ChatHistory;

/// <summary>
/// <c>GET /api/v1/rooms/{room}/messages/export</c>: the whole history of the token's own room as JSON or text, from the oldest line on. It goes out
/// page by page, so that no room is too large for it.
/// </summary>
internal static class HistoryExport
{
    private const int PageMessages = 200;

    private static readonly TimeSpan PageDeadline = TimeSpan.FromSeconds(10);

    internal static async Task<IResult> ExportAsync(
        HttpContext context, ChatHistoryService.ChatHistoryServiceClient history, TimeProvider time)
    {
        var claims = context.RoomClaims();
        var room = claims.Room;
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "json" or "text"))
        {
            return Problem.BadRequest("format is json or text.").ToResult();
        }

        // The first page before the answer begins: what fails here is still a problem document.
        var page = await ReadAsync(after: 0);
        var (response, body, isJson) = (context.Response, context.Response.BodyWriter, format != "text");
        response.ContentType = isJson ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=chat-{room}.{(isJson ? "json" : "txt")}";
        response.Headers.CacheControl = "no-store";
        try
        {
            Write(body, isJson ? $$"""{"room_id":{{JsonSerializer.Serialize(room)}},"messages":[""" : "");
            for (var isFirst = true; ; page = await ReadAsync(page.NextAfter))
            {
                foreach (var message in page.Messages)
                {
                    Write(body, isJson ? (isFirst ? "\n" : ",\n") + JsonSerializer.Serialize(HistoryMessage.Of(message), Wire.Json) : LineOf(message));
                    isFirst = false;
                }

                await body.FlushAsync(context.RequestAborted);
                if (page.NextAfter == 0)
                {
                    break;
                }
            }

            Write(body, isJson ? "\n]}\n" : "");
            await body.FlushAsync(context.RequestAborted);
        }
        catch (RpcException)
        {
            // Half a history must not look like a whole one.
            context.Abort();
        }

        return Results.Empty;

        async Task<GetPageResponse> ReadAsync(long after) => await history.GetPageAsync(
            new GetPageRequest { Tenant = claims.Tenant, Room = claims.Room, After = after, Limit = PageMessages },
            deadline: time.GetUtcNow().UtcDateTime + PageDeadline,
            cancellationToken: context.RequestAborted);
    }

    /// <summary>A message as a line of text; its further lines are indented, so that nobody writes lines in another's name.</summary>
    internal static string LineOf(ChatMessage message)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(message.SentAt).ToString("u", CultureInfo.InvariantCulture);
        var (sender, said) = message switch
        {
            { DeletedAt: > 0 } => (message.SenderName, "(deleted)"),
            { SystemData.Length: > 0 } => ("*", message.SystemData),
            _ => (message.SenderName, message.EditedAt > 0 ? message.Text + " (edited)" : message.Text),
        };
        return $"{at} {OneLine(sender)}: {said.ReplaceLineEndings("\n    ")}\n";
    }

    private static string OneLine(string name) => name.ReplaceLineEndings(" ");

    private static void Write(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
