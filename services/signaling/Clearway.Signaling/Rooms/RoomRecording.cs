using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using RecordingKind = Clearway.Storage.V1.RecordingKind;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Who records a room: at most one participant at a time, over all nodes. Besides, whoever may speak may record themselves, where the room's policy
/// allows it: they get a recording of their own, which is nobody else's to stop and says nothing about the room's.
/// </summary>
internal sealed class RoomRecording(Roster roster, RecordingOpening opening, TimeProvider time, ILogger<RoomRecording> logger)
{
    /// <summary>Begins or ends a recording. Throws as <see cref="Roster"/> does.</summary>
    internal Task<Refusal?> ObeyAsync(Room room, Session session, ControlCommand command) => command switch
    {
        ControlCommand.StartRecord => StartAsync(room, session),
        ControlCommand.RecordOwnTrack => GrantOwnTrackAsync(room, session),
        _ => StopAsync(room, session),
    };

    private async Task<Refusal?> StartAsync(Room room, Session session)
    {
        if (room.Recording is not null)
        {
            return Refusal.AlreadyRecording;
        }

        var now = time.GetUtcNow();
        var recording = new Recording(RecordingId.Create(now), session.Id, now.ToUnixTimeMilliseconds());
        if (await opening.OpenAsync(session, recording.Id, RecordingKind.Meeting) is { } refusal)
        {
            return refusal;
        }

        var (change, refused) = await roster.RecordAsync(session, recording);
        if (change is null)
        {
            await opening.DropAsync(session, recording.Id);
            return refused;
        }

        Tell(room, session, ControlCommand.StartRecord, recording, new RecordingState(recording, change.Revision), change.Nodes);
        return null;
    }

    private async Task<Refusal?> StopAsync(Room room, Session session)
    {
        var (change, refused) = await roster.RecordAsync(session, null);
        if (change is not null)
        {
            Tell(room, session, ControlCommand.StopRecord, change.Before!, new RecordingState(null, change.Revision), change.Nodes);
        }

        return refused;
    }

    private async Task<Refusal?> GrantOwnTrackAsync(Room room, Session session)
    {
        if (room.Policy.Policy is not { OwnTracks: true })
        {
            return Refusal.OwnTracksForbidden;
        }

        if (!session.Rates.OwnTrack.TryTake(out var wait))
        {
            return Refusal.OwnTrackRate(wait);
        }

        var recording = RecordingId.Create(time.GetUtcNow());
        if (await opening.OpenAsync(session, recording, RecordingKind.Track) is { } refusal)
        {
            return refusal;
        }

        Log.Recorded(logger, ControlCommand.RecordOwnTrack, session.Room, session.Id, recording);
        room.Tell(session.Id, ServerFrame.OwnTrackGranted(recording));
        return null;
    }

    private void Tell(Room room, Session session, ControlCommand command, Recording recording, RecordingState state, string[] nodes)
    {
        Log.Recorded(logger, command, session.Room, session.Id, recording.Id);
        room.Tell(nodes, new ClusterMessage.Recorded(session.Room, state));
    }
}
