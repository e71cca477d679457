using System.Globalization;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// What a room used while somebody was in it (a charging record in the sense of 3GPP TS 23.203). Redis makes exactly one when the last
/// one leaves, whatever the reason: everybody left, the time was over, the room was ended, or nodes died.
/// </summary>
/// <param name="Tenant">Who is charged.</param>
/// <param name="OccupiedAt">When the first one came, Unix milliseconds.</param>
/// <param name="Peak">Most participants at once.</param>
/// <param name="UsedMs">Participant-milliseconds: a place is used also by somebody who is away and may resume.</param>
/// <param name="TotalMs">The same since the room was opened.</param>
internal sealed record ChargingRecord(string Tenant, long OccupiedAt, int Peak, long UsedMs, long TotalMs)
{
    internal double ParticipantMinutes => UsedMs / 60_000.0;

    /// <summary>Reads what the scripts wrote; null where the room did not empty.</summary>
    internal static ChargingRecord? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        // A tenant may have bars in it, the figures have none.
        var parts = text.Split('|');
        return new ChargingRecord(
            string.Join('|', parts[..^4]),
            long.Parse(parts[^4], CultureInfo.InvariantCulture),
            int.Parse(parts[^3], CultureInfo.InvariantCulture),
            long.Parse(parts[^2], CultureInfo.InvariantCulture),
            long.Parse(parts[^1], CultureInfo.InvariantCulture));
    }
}

/// <summary>The records of what was used, in the log category <c>Clearway.Charging</c>, so that operators can keep them apart.</summary>
internal sealed partial class Charging(ILoggerFactory loggers)
{
    internal const string Category = "Clearway.Charging";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    /// <summary>Records what a room used, if it emptied.</summary>
    internal void Record(RoomId room, ChargingRecord? record)
    {
        if (record is not null)
        {
            Charged(_logger, room, record.Tenant, record.OccupiedAt, record.Peak, record.ParticipantMinutes);
        }
    }

    [LoggerMessage(210, LogLevel.Information, "Room {Room} of {Tenant}, occupied since {OccupiedAt}: {Peak} participants at most, {ParticipantMinutes} participant-minutes")]
    private static partial void Charged(
        ILogger logger, RoomId room, string tenant, long occupiedAt, int peak, double participantMinutes);
}
