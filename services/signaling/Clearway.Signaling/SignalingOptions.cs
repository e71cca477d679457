using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling;

/// <summary>Limits and times of the gateway; section <c>Signaling</c>.</summary>
internal sealed class SignalingOptions : IValidatableObject
{
    /// <summary>Longest time until the first frame.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a dropped session may be resumed.</summary>
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a session goes on after its token expired: for a renewal that is under way, and for clocks that differ.</summary>
    public TimeSpan TokenGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a resumed session waits for the frames that its older node kept.</summary>
    public TimeSpan HandoverTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between pings; who is silent for two of them is away.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long nothing may leave for a connection for which something waits, before it counts as a slow reader.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Bytes held for one connection before it counts as a slow reader, a quarter of them in the transport; what is not there is kept for
    /// somebody who is away. The least holds a chat line of whatever text.
    /// </summary>
    [Range(256 * 1024, 64 * 1024 * 1024)]
    public int OutboxMaxBytes { get; set; } = 256 * 1024;

    /// <summary>How long a connection that is closed may take over what was still to be sent.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>WebSocket frames a second from one connection, fragments, pings and pongs included; more are a flood.</summary>
    [Range(1, 100_000)]
    public int MaxFramesPerSecond { get; set; } = 200;

    /// <summary>Least time between two chat messages of one session.</summary>
    public TimeSpan ChatInterval { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Least time between two own tracks of one session.</summary>
    public TimeSpan OwnTrackInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Deletions and reactions a second from one session.</summary>
    [Range(1, 200)]
    public int MaxChatChangesPerSecond { get; set; } = 10;

    /// <summary>Changes of what one sends, or of the raised hand, a second from one participant; more wait, and what comes after them.</summary>
    [Range(1, 200)]
    public int MaxPresenceChangesPerSecond { get; set; } = 10;

    /// <summary>Refused orders a second from one participant; then the next frame waits.</summary>
    [Range(1, 200)]
    public int MaxRefusedOrdersPerSecond { get; set; } = 10;

    /// <summary>Pointer positions a second from one session, more are dropped.</summary>
    [Range(1, 200)]
    public int MaxPointersPerSecond { get; set; } = 30;

    /// <summary>Gestures a second from one session, more are dropped.</summary>
    [Range(1, 200)]
    public int MaxGesturesPerSecond { get; set; } = 5;

    /// <summary>Quality reports a second from one session, more are dropped.</summary>
    [Range(1, 200)]
    public int MaxQualityReportsPerSecond { get; set; } = 5;

    /// <summary>Open connections of the node; more are refused before the handshake.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Joins a second; who comes too soon is told to come later.</summary>
    [Range(1, 1_000_000)]
    public int MaxJoinsPerSecond { get; set; } = 2_000;

    /// <summary>Joins that wait for Auth or Redis at the same time.</summary>
    [Range(1, 1_000_000)]
    public int MaxJoinsInFlight { get; set; } = 2_000;

    /// <summary>Between failing readiness and the first client that is asked to move: proxies notice meanwhile.</summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Over which clients are asked to move, one after the other.</summary>
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the stopping node waits for sessions to be resumed on others, which get from it what was missed.</summary>
    public TimeSpan DrainHandover { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Deadline of each call to Auth while joining.</summary>
    public TimeSpan AuthTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Deadline of each command to Redis.</summary>
    public TimeSpan RedisTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long Redis is not asked after several commands in vain.</summary>
    public TimeSpan RedisPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Address at which proxies reach this node; by default the one it listens on.</summary>
    [Url]
    public string? AdvertisedAddress { get; set; }

    /// <summary>How often a node says that it is alive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long without that it counts as dead.</summary>
    public TimeSpan NodeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long newcomers wait, after Redis forgot and the last node that noticed came, for nodes that still have to put back what they
    /// know. Longer than a heartbeat and a reconnection.
    /// </summary>
    public TimeSpan RebuildGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often each room is compared with Redis.</summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>One of so many relayed frames of a kind has a span; zero for none.</summary>
    [Range(0, int.MaxValue)]
    public int TracedRelays { get; set; } = 1_000;

    /// <summary>Chat messages that may wait to be stored; beyond that lines are refused as <c>unavailable</c>.</summary>
    [Range(256, 1_000_000)]
    public int ArchiveCapacity { get; set; } = 100_000;

    /// <summary>Bytes of chat messages that may wait to be stored; beyond that as well.</summary>
    [Range(64 * 1024, 1024 * 1024 * 1024)]
    public long ArchiveCapacityBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>What participants are advised to send.</summary>
    [ValidateObjectMembers]
    public AdviceOptions Advice { get; set; } = new();

    /// <summary>What tenants may use.</summary>
    [ValidateObjectMembers]
    public QuotaOptions Quotas { get; set; } = new();

    /// <summary>Times that contradict each other would make living nodes pass for dead ones, or open rooms too soon.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (NodeTimeout <= HeartbeatInterval * 2)
        {
            yield return new ValidationResult("Signaling:NodeTimeout must be more than twice Signaling:HeartbeatInterval.");
        }

        if (RebuildGrace <= HeartbeatInterval)
        {
            yield return new ValidationResult("Signaling:RebuildGrace must be more than Signaling:HeartbeatInterval.");
        }
    }
}

/// <summary>What participants are advised to send; section <c>Signaling:Advice</c>. In kbit/s for each sender, 0 for none.</summary>
internal sealed class AdviceOptions
{
    /// <summary>More participants than this are a crowd.</summary>
    [Range(1, 100)]
    public int CrowdAbove { get; set; } = 15;

    /// <summary>Audio in a crowd.</summary>
    [Range(0, 1_000_000)]
    public int CrowdAudioKbps { get; set; } = 32;

    /// <summary>Video in a crowd.</summary>
    [Range(0, 1_000_000)]
    public int CrowdVideoKbps { get; set; } = 150;

    /// <summary>Audio while the room is paused.</summary>
    [Range(0, 1_000_000)]
    public int PausedAudioKbps { get; set; } = 32;

    /// <summary>Video while the room is paused.</summary>
    [Range(0, 1_000_000)]
    public int PausedVideoKbps { get; set; }
}

/// <summary>What tenants may use over all nodes; section <c>Signaling:Quotas</c>.</summary>
internal sealed class QuotaOptions
{
    /// <summary>For tenants that are not named.</summary>
    [ValidateObjectMembers]
    public Quota Default { get; set; } = new();

    /// <summary>By tenant.</summary>
    public IDictionary<string, Quota> Tenants { get; } = new Dictionary<string, Quota>(StringComparer.Ordinal);

    /// <summary>How long a use counts that nobody renews. Several times <see cref="SignalingOptions.SyncInterval"/>.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The quota of a tenant; null when it may use anything.</summary>
    internal Quota? Of(string tenant)
    {
        var quota = Tenants.TryGetValue(tenant, out var own) ? own : Default;
        return quota is { Rooms: 0, Participants: 0, MinutesPerMonth: 0 } ? null : quota;
    }
}

/// <summary>Limits of one tenant; 0 is none.</summary>
internal sealed class Quota
{
    /// <summary>Rooms with somebody in at once.</summary>
    [Range(0, int.MaxValue)]
    public int Rooms { get; set; }

    /// <summary>Participants at once.</summary>
    [Range(0, int.MaxValue)]
    public int Participants { get; set; }

    /// <summary>Participant-minutes in a calendar month (UTC); who is in a room may stay when they are used up.</summary>
    [Range(0, int.MaxValue)]
    public int MinutesPerMonth { get; set; }
}

/// <summary>Browser origins that may connect; section <c>Clearway</c>.</summary>
internal sealed class OriginOptions
{
    /// <summary>Origins as browsers send them. Empty in Development: the host of the request.</summary>
    public IList<string> AllowedOrigins { get; } = [];
}
