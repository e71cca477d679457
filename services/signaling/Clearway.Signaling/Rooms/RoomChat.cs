using Clearway.Chat.V1;
using Clearway.Signaling.Protocol;
using Grpc.Core;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>A line of chat from the sender to everyone and into the history.</summary>
internal sealed class RoomChat(
    SystemMessages systemMessages,
    ChatArchive archive,
    ChatHistoryService.ChatHistoryServiceClient history,
    Announcements announcements,
    SignalingMetrics metrics,
    TimeProvider time,
    ILogger<RoomChat> logger)
{
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromSeconds(5);
    private const int HistoryMessages = 50;

    // Also how long other nodes may need to store what they kept while the chat service was away: they ask it every two seconds.
    private static readonly TimeSpan HistoryPause = TimeSpan.FromSeconds(3);

    /// <summary>What somebody typed.</summary>
    internal Refusal? Say(Room room, Session sender, ClientMessage.Chat chat)
    {
        var text = ChatText.Strip(chat.Text);
        if (ChatText.Refuse(text) is { } refusal)
        {
            return refusal;
        }

        if (!sender.Rates.Chat.TryTake(out var wait))
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
            if (!await announcements.TryNoteAsync(sender.Room, system.Digest))
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

    /// <summary>
    /// The newest page of what was said before. While the chat service is away it waits, and then until what nodes kept meanwhile is
    /// stored, so that nothing is missing that was said too long ago to be repeated.
    /// </summary>
    /// <returns>Null when it is cancelled: nobody is there any more.</returns>
    internal async Task<ServerFrame?> HistoryAsync(Seat seat, CancellationToken cancellationToken)
    {
        var (room, tenant) = (seat.Room, seat.Session.Tenant);
        for (var wasAway = false; ;)
        {
            var page = room.HistoryAsync(tenant, () => ReadHistoryAsync(tenant, room.Id));
            await ((Task)page).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            if (await page is { } told && !wasAway)
            {
                return told;
            }

            wasAway = await page is null;
            await Task.Delay(HistoryPause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
