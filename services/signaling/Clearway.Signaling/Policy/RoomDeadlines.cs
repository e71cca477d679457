using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Policy;

/// <summary>Ends rooms whose time is over: everyone is told and closed.</summary>
internal sealed class RoomDeadlines(RoomDirectory rooms, ILogger<RoomDeadlines> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        rooms.Expired += End;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        rooms.Expired -= End;
        return Task.CompletedTask;
    }

    private void End(Room room)
    {
        Log.RoomExpired(logger, room.Id);
        room.End(ServerFrame.RoomClosed(), CloseReason.RoomExpired);
    }
}
