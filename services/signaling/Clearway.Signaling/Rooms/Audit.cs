using Clearway.ServiceDefaults;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// The record of who ordered what: one event for each control command, obeyed or refused, and for each line that a moderator deleted, in the
/// log category <see cref="AuditLog.Category"/>.
/// </summary>
internal sealed partial class Audit(ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger(AuditLog.Category);

    /// <summary>Records a command and what became of it.</summary>
    /// <param name="by">Who gave it.</param>
    /// <param name="order">The command, whom it is about, and the reason that was given.</param>
    /// <param name="refusal">Why it was not obeyed; null when it was.</param>
    internal void Record(OrderGiver by, ClientMessage.Control order, Refusal? refusal)
    {
        var (target, reason) = (OneLine(order.TargetId), OneLine(order.Reason));
        if (refusal is null)
        {
            Obeyed(_logger, order.Command.Text(), by.Id, by.Role, target, reason, by.Room, by.Tenant);
        }
        else
        {
            Refused(_logger, order.Command.Text(), by.Id, by.Role, target, reason, by.Room, by.Tenant, refusal.Code);
        }
    }

    /// <summary>Records that one who may delete what others wrote deleted a line, whose ever it was; the history keeps whose.</summary>
    internal void LineDeleted(OrderGiver by, string messageId) => Deleted(_logger, messageId, by.Id, by.Role, by.Room, by.Tenant);

    // As somebody gave it, and a line of the log is one event.
    private static string? OneLine(string? given) => given is null ? null : ChatText.Strip(given).ReplaceLineEndings(" ");

    [LoggerMessage(200, LogLevel.Information, "{Command} by {Participant} ({Role}) on {Target} ({Reason}) in room {Room} of {Tenant}: obeyed")]
    private static partial void Obeyed(
        ILogger logger, string command, ParticipantId participant, Role role, string? target, string? reason, RoomId room, string tenant);

    [LoggerMessage(201, LogLevel.Information, "{Command} by {Participant} ({Role}) on {Target} ({Reason}) in room {Room} of {Tenant}: {Code}")]
    private static partial void Refused(
        ILogger logger,
        string command,
        ParticipantId participant,
        Role role,
        string? target,
        string? reason,
        RoomId room,
        string tenant,
        string code);

    [LoggerMessage(202, LogLevel.Information, "Chat line {Message} deleted by {Participant} ({Role}) in room {Room} of {Tenant}")]
    private static partial void Deleted(ILogger logger, string message, ParticipantId participant, Role role, RoomId room, string tenant);
}
