using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>Waiting to be let in: begun and given up in Redis, and told to who waits and to those who decide.</summary>
internal sealed class Lobby(
    Roster roster, IHostApplicationLifetime lifetime, TimeProvider time, IOptions<SignalingOptions> options, ILogger<Lobby> logger)
{
    /// <summary>Tells a newcomer what is waited for, and organizer and moderators who knocks; once for each.</summary>
    internal static Waiting Hold(Waiting waiting, Admission admission)
    {
        var (room, session) = (waiting.Newcomer.Room, waiting.Session);
        if (waiting.Revision != admission.Revision)
        {
            waiting.State = LobbyEntry.StateOf(admission.Code);
            waiting.Revision = admission.Revision;
            waiting.Newcomer.Outbox.Post(ServerFrame.Wait(waiting.State, room.Id, session.Title));
            if (waiting.State == LobbyState.Knocking)
            {
                room.Tell(admission.Nodes!, new ClusterMessage.Knocked(
                    room.Id, new Knock(session.Id, session.Presence.Name, admission.Revision)));
            }
        }

        return waiting;
    }

    /// <summary>Ends a wait, now or as soon as Redis is there: a knock of a node that is alive stands until somebody answers it.</summary>
    internal async Task GiveUpAsync(Waiting waiting)
    {
        var (room, session) = (waiting.Newcomer.Room, waiting.Session);
        try
        {
            if (await roster.GiveUpAsync(session) is { } nodes)
            {
                room.Tell(nodes, new ClusterMessage.KnocksGone(room.Id, [session.Id]));
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "give_up", exception);
            if (!lifetime.ApplicationStopping.IsCancellationRequested)
            {
                _ = GiveUpLaterAsync(waiting);
            }
        }
    }

    private async Task GiveUpLaterAsync(Waiting waiting)
    {
        await Task.Delay(options.Value.SyncInterval, time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await GiveUpAsync(waiting);
    }
}
