using Clearway.Chat.V1;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Grpc.Core;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>A line of chat from the sender to everyone and into the history.</summary>
internal sealed class RoomChat(
    SystemMessages systemMessages,
    ChatArchive archive,
    ChatHistoryService.ChatHistoryServiceClient history,
    Roster roster,
    SignalingMetrics metrics,
    TimeProvider time,
    ILogger<RoomChat> logger)
{
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromSeconds(5);
    private const int HistoryMessages = 50;

    /// <summary>What somebody typed.</summary>
    internal Refusal? Say(Room room, Session sender, ClientMessage.Chat chat)
    {
        var text = ChatText.Strip(chat.Text);
        if (ChatText.Refuse(text) is { } refusal)
        {
            return refusal;
        }

        if (!sender.ChatRate.TryTake(out var wait))
        {
            return Refusal.ChatRate(wait);
        }

        var now = time.GetUtcNow();
        var message = new ChatMessage
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Tenant = sender.Tenant,
            Room = sender.Room.Value,
            SenderId = sender.Id.Value,
            SenderName = sender.Presence.Name,
            Text = text,
            SentAt = now.ToUnixTimeMilliseconds(),
        };
        if (!archive.TryAppend(message))
        {
            return Refusal.Unavailable;
        }

        var line = ServerFrame.ChatBroadcast(message);
        room.Broadcast(line, sender, chat.ClientId is { } clientId ? line.WithMember("client_id", clientId) : line);
        return null;
    }

    /// <summary>What a service of ours signed; the second time it is taken without effect.</summary>
    internal async Task<Refusal?> AnnounceAsync(Room room, Session sender, ClientMessage.SystemChat chat)
    {
        if (systemMessages.Verify(sender.Room, chat.SystemData, chat.Security) is not { } system)
        {
            Log.SystemMessageForged(logger, sender.Room, sender.Id);
            metrics.SystemMessage("forged");
            return Refusal.SystemMessageForged;
        }

        if (archive.IsFull)
        {
            // Asked before the announcement is noted: it may be announced again later.
            return Refusal.Unavailable;
        }

        try
        {
            if (!await roster.AnnounceAsync(sender.Room, system.Digest))
            {
                metrics.SystemMessage("repeated");
                return null;
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "announce", exception);
            return Refusal.Unavailable;
        }

        var message = new ChatMessage
        {
            Id = system.MessageId.ToString(),
            Tenant = sender.Tenant,
            Room = sender.Room.Value,
            SystemData = system.Data,
            Security = system.Security,
            SentAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        metrics.SystemMessage("announced");
        if (!archive.TryAppend(message))
        {
            Log.ChatLost(logger, message.Id);
        }

        room.Broadcast(ServerFrame.ChatBroadcast(message));
        return null;
    }

    /// <summary>The newest page of what was said before; null when the chat service does not tell it, or nobody is there any more.</summary>
    internal async Task<ServerFrame?> HistoryAsync(Seat seat, CancellationToken cancellationToken)
    {
        var (room, tenant) = (seat.Room, seat.Session.Tenant);
        var page = room.HistoryAsync(tenant, () => ReadHistoryAsync(tenant, room.Id));
        await ((Task)page).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return page.IsCompleted ? await page : null;
    }

    // For all who share it: none of them cancels it by going.
    private async Task<ServerFrame?> ReadHistoryAsync(string tenant, RoomId room)
    {
        try
        {
            var page = await history.GetPageAsync(
                new GetPageRequest { Tenant = tenant, Room = room.Value, Limit = HistoryMessages },
                deadline: time.GetUtcNow().UtcDateTime + HistoryTimeout,
                cancellationToken: CancellationToken.None);
            return ServerFrame.ChatHistory(page);
        }
        catch (RpcException exception)
        {
            Log.NoHistory(logger, room, exception.StatusCode);
            return null;
        }
    }
}
