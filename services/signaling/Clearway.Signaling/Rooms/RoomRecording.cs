using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>Who records a room: at most one participant at a time, over all nodes.</summary>
internal sealed class RoomRecording(Roster roster, TimeProvider time, ILogger<RoomRecording> logger)
{
    /// <summary>Begins or ends the recording. Throws as <see cref="Roster"/> does.</summary>
    internal async Task<Refusal?> ObeyAsync(Room room, Session session, ControlCommand command)
    {
        var now = time.GetUtcNow();
        var recording = command == ControlCommand.StartRecord
            ? new Recording(RecordingId.Create(now), session.Id, now.ToUnixTimeMilliseconds())
            : null;
        if (await roster.RecordAsync(session.Room, recording) is not { } change)
        {
            return recording is null ? Refusal.NotRecording : Refusal.AlreadyRecording;
        }

        Log.Recorded(logger, command, session.Room, session.Id, (recording ?? change.Before)!.Id);
        room.Tell(change.Nodes, new ClusterMessage.Recorded(session.Room, new RecordingState(recording, change.Revision)));
        return null;
    }
}
