namespace Clearway.Signaling.Rooms;

/// <summary>How often a participant may do what. It outlives connections: as long as the room's node knows the participant.</summary>
internal sealed class ParticipantRates(SignalingOptions options, TimeProvider time)
{
    internal IntervalLimit Chat { get; } = new(options.ChatInterval, time);

    internal IntervalLimit OwnTrack { get; } = new(options.OwnTrackInterval, time);

    /// <summary>For deletions and reactions.</summary>
    internal TokenBucket ChatChanges { get; } = new(options.MaxChatChangesPerSecond, time);

    /// <summary>For what one sends and the raised hand. They wait for their turn: the last is what counts, and it must not be lost.</summary>
    internal TokenBucket Presence { get; } = new(options.MaxPresenceChangesPerSecond, time);

    /// <summary>For orders that were refused; the next waits, for each of them leaves a line in the audit.</summary>
    internal TokenBucket RefusedOrders { get; } = new(options.MaxRefusedOrdersPerSecond, time);

    internal TokenBucket Pointer { get; } = new(options.MaxPointersPerSecond, time);

    internal TokenBucket Gestures { get; } = new(options.MaxGesturesPerSecond, time);

    internal TokenBucket Quality { get; } = new(options.MaxQualityReportsPerSecond, time);
}
