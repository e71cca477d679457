using Clearway.Signaling.Framing;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>What every connection works with.</summary>
internal sealed class ConnectionServices(
    Membership membership,
    Departures departures,
    RoomChat chat,
    SeatedFrames seated,
    OpenConnections open,
    FlushQueue flushes,
    SignalingMetrics metrics,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<SignalingConnection> logger)
{
    internal Membership Membership => membership;

    internal Departures Departures => departures;

    internal RoomChat Chat => chat;

    internal SeatedFrames Seated => seated;

    internal OpenConnections Open => open;

    internal FlushQueue Flushes => flushes;

    internal SignalingMetrics Metrics => metrics;

    internal TimeProvider Time => time;

    internal SignalingOptions Options => options.Value;

    internal ILogger Logger => logger;
}
