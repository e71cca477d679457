using System.Globalization;
using Clearway.Chat.V1;
using Clearway.Signaling.Protocol;
using Grpc.Core;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// What becomes of lines that were said: edits, deletions and reactions. The chat service decides, for it knows the author; what it
/// took is then told to the room, in that order, so that nobody sees a change that did not happen.
/// </summary>
internal sealed class ChatChanges(
    ChatHistoryService.ChatHistoryServiceClient history,
    ChatArchive archive,
    Audit audit,
    SignalingMetrics metrics,
    TimeProvider time,
    ILogger<ChatChanges> logger)
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PauseBetweenCalls = TimeSpan.FromMilliseconds(100);

    // As long as this a line may be on its way from another node to the history; longer only where that node cannot reach it.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    /// <summary>Another text for a line of one's own.</summary>
    internal async Task<Refusal?> EditAsync(Room room, Session by, ClientMessage.ChatEdit edit)
    {
        var text = ChatText.Strip(edit.Text);
        if (ChatText.Refuse(text) is { } refusal)
        {
            return refusal;
        }

        if (!by.Rates.Chat.TryTake(out var wait))
        {
            return Refusal.ChatRate(wait);
        }

        var change = ChangeOf(by, edit.MessageId);
        return await ChangeAsync(
            "edit",
            room,
            change,
            options => history.EditAsync(new EditRequest { Change = change, Text = text }, options),
            () => ServerFrame.ChatEdited(change, text));
    }

    /// <summary>Deletes a line of one's own, or, as a moderator, of anybody.</summary>
    internal Task<Refusal?> DeleteAsync(Room room, Session by, ClientMessage.ChatDelete delete)
    {
        var change = ChangeOf(by, delete.MessageId);
        var request = new DeleteRequest { Change = change, IsModerator = by.Presence.Role is Role.Organizer or Role.Moderator };
        return LimitedAsync(by, async () =>
        {
            var refusal = await ChangeAsync(
                "delete", room, change, options => history.DeleteAsync(request, options), () => ServerFrame.ChatDeleted(change));
            if (refusal is null && request.IsModerator)
            {
                audit.LineDeleted(OrderGiver.Of(by), change.MessageId);
            }

            return refusal;
        });
    }

    /// <summary>Adds a reaction to a line, or takes it back.</summary>
    internal Task<Refusal?> ReactAsync(Room room, Session by, ClientMessage.Reaction reaction)
    {
        var change = ChangeOf(by, reaction.MessageId);
        var request = new ReactRequest { Change = change, Emoji = reaction.Emoji, On = reaction.IsOn };
        return LimitedAsync(by, () => ChangeAsync(
            "react", room, change, options => history.ReactAsync(request, options), () => ServerFrame.Reaction(request)));
    }

    private static Task<Refusal?> LimitedAsync(Session by, Func<Task<Refusal?>> change) =>
        by.Rates.ChatChanges.TryTake(out var wait) ? change() : Task.FromResult<Refusal?>(Refusal.ChatRate(wait));

    private MessageChange ChangeOf(Session by, Guid messageId) => new()
    {
        Tenant = by.Tenant,
        Room = by.Room.Value,
        MessageId = messageId.ToString(),
        By = by.Id.Value,
        At = time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private async Task<Refusal?> ChangeAsync(
        string kind,
        Room room,
        MessageChange change,
        Func<CallOptions, AsyncUnaryCall<ChangeResponse>> call,
        Func<ServerFrame> news)
    {
        var refusal = await CallAsync(room, call);
        if (refusal == Refusal.MessageUnknown && await archive.PassedAsync(CallTimeout))
        {
            // What was said through this node is stored by now.
            refusal = await CallAsync(room, call);
        }

        while (refusal == Refusal.MessageUnknown && IsOnItsWay(change.MessageId))
        {
            await Task.Delay(PauseBetweenCalls, time);
            refusal = await CallAsync(room, call);
        }

        if (refusal is null)
        {
            room.Broadcast(news());
        }

        metrics.ChatChange(kind, refusal?.Code ?? "changed");
        return refusal;
    }

    private async Task<Refusal?> CallAsync(Room room, Func<CallOptions, AsyncUnaryCall<ChangeResponse>> call)
    {
        try
        {
            await call(new CallOptions(deadline: time.GetUtcNow().UtcDateTime + CallTimeout));
            return null;
        }
        catch (RpcException exception)
        {
            switch (exception.StatusCode)
            {
                case StatusCode.NotFound:
                    return Refusal.MessageUnknown;
                case StatusCode.PermissionDenied:
                    return Refusal.MessageForbidden;
                case StatusCode.ResourceExhausted when exception.Trailers.GetValue("clearway-code") == Refusal.ReactionsFull.Code:
                    return Refusal.ReactionsFull;
                default:
                    Log.ChatNotChanged(logger, room.Id, exception.StatusCode);
                    return Refusal.Unavailable;
            }
        }
    }

    // The ids that gateways give begin with the time in Unix milliseconds (RFC 9562 section 5.7).
    private bool IsOnItsWay(string messageId)
    {
        var saidAt = long.Parse(string.Concat(messageId.AsSpan(0, 8), messageId.AsSpan(9, 4)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - saidAt;
        return age >= 0 && age < OnItsWay.TotalMilliseconds;
    }
}
