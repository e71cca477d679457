using Clearway.Signaling.Cluster;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Grpc.Core;

namespace Clearway.Signaling;

/// <summary>What the gateway logs: one line a transition; never a token, a resume id, a description, a candidate or a typed text.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Participant} joined room {Room} as {Role} ({Outcome})")]
    internal static partial void Joined(ILogger logger, ParticipantId participant, RoomId room, Role role, string outcome);

    [LoggerMessage(2, LogLevel.Information, "{Participant} left room {Room} ({Reason})")]
    internal static partial void Left(ILogger logger, ParticipantId participant, RoomId room, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Participant} dropped out of room {Room} and may resume")]
    internal static partial void Dropped(ILogger logger, ParticipantId participant, RoomId room);

    [LoggerMessage(4, LogLevel.Information, "A join was refused: {Code}")]
    internal static partial void JoinRefused(ILogger logger, string code);

    [LoggerMessage(5, LogLevel.Information, "The connection of {Participant} in room {Room} was closed: {Code}")]
    internal static partial void Closed(ILogger logger, ParticipantId participant, RoomId room, string code);

    [LoggerMessage(6, LogLevel.Information, "An upgrade was refused: {Code}")]
    internal static partial void UpgradeRefused(ILogger logger, string code);

    [LoggerMessage(7, LogLevel.Information, "Room {Room} is over: {Reason}")]
    internal static partial void RoomOver(ILogger logger, RoomId room, string reason);

    [LoggerMessage(8, LogLevel.Information, "{Command} in room {Room} by {Participant}: recording {Recording}")]
    internal static partial void Recorded(ILogger logger, ControlCommand command, RoomId room, ParticipantId participant, string recording);

    [LoggerMessage(9, LogLevel.Information, "The node drains {Connections} connections")]
    internal static partial void Draining(ILogger logger, int connections);

    [LoggerMessage(10, LogLevel.Warning, "The node stops before {Connections} connections were asked to move")]
    internal static partial void DrainCut(ILogger logger, int connections);

    [LoggerMessage(12, LogLevel.Information, "{Participant} waits to be let into room {Room} ({Outcome})")]
    internal static partial void Waiting(ILogger logger, ParticipantId participant, RoomId room, string outcome);

    [LoggerMessage(20, LogLevel.Warning, "A forged system message in room {Room} by {Participant}")]
    internal static partial void SystemMessageForged(ILogger logger, RoomId room, ParticipantId participant);

    [LoggerMessage(21, LogLevel.Warning, "No browser origin is allowed: set Clearway__AllowedOrigins__0")]
    internal static partial void NoOrigins(ILogger logger);

    [LoggerMessage(40, LogLevel.Warning, "Auth does not verify tokens: {Status}")]
    internal static partial void AuthDoesNotAnswer(ILogger logger, StatusCode status, Exception? exception);

    [LoggerMessage(41, LogLevel.Warning, "Auth does not tell ICE servers: {Status}")]
    internal static partial void NoIceServers(ILogger logger, StatusCode status, Exception exception);

    /// <summary>For commands that were made: while none is, the circuit breaker has said so.</summary>
    internal static void RedisDoesNotAnswer(ILogger logger, string operation, Exception exception)
    {
        if (exception is not RedisNotAskedException)
        {
            RedisFailed(logger, operation, exception);
        }
    }

    [LoggerMessage(43, LogLevel.Warning, "The chat history of room {Room} cannot be read: {Status}")]
    internal static partial void NoHistory(ILogger logger, RoomId room, StatusCode status);

    [LoggerMessage(44, LogLevel.Warning, "{Count} chat messages are not stored yet: {Status}")]
    internal static partial void ChatNotStored(ILogger logger, int count, StatusCode status);

    [LoggerMessage(45, LogLevel.Error, "{Count} chat messages are lost to the history: {Status} {Code}")]
    internal static partial void ChatRefused(ILogger logger, int count, StatusCode status, string? code);

    [LoggerMessage(46, LogLevel.Error, "Chat message {Id} is lost to the history: too many wait to be stored")]
    internal static partial void ChatLost(ILogger logger, string id);

    [LoggerMessage(47, LogLevel.Warning, "Redis did not take this node's heartbeat")]
    internal static partial void NoHeartbeat(ILogger logger, Exception exception);

    [LoggerMessage(48, LogLevel.Warning, "A message to node {Node} was not sent")]
    internal static partial void NotSent(ILogger logger, string node, Exception exception);

    [LoggerMessage(49, LogLevel.Error, "A message of another node could not be handled")]
    internal static partial void NotTaken(ILogger logger, Exception exception);

    [LoggerMessage(50, LogLevel.Warning, "Redis has forgotten: {Rooms} rooms of this node are put back")]
    internal static partial void Rebuilding(ILogger logger, int rooms);

    [LoggerMessage(51, LogLevel.Information, "{Rooms} rooms of this node are in Redis again")]
    internal static partial void Rebuilt(ILogger logger, int rooms);

    [LoggerMessage(55, LogLevel.Warning, "A message of room {Room} cannot be changed: {Status}")]
    internal static partial void ChatNotChanged(ILogger logger, RoomId room, StatusCode status);

    [LoggerMessage(60, LogLevel.Error, "A connection failed")]
    internal static partial void ConnectionFailed(ILogger logger, Exception exception);

    [LoggerMessage(42, LogLevel.Warning, "Redis does not answer: {Operation}")]
    private static partial void RedisFailed(ILogger logger, string operation, Exception exception);

    [LoggerMessage(33, LogLevel.Warning, "Recording {Recording} of room {Room} is not opened: storage says {Status} {Code}")]
    internal static partial void RecordingUnopened(ILogger logger, string recording, RoomId room, StatusCode status, string? code);

    [LoggerMessage(34, LogLevel.Warning, "Recording {Recording}, which lost a race to another, is left to expire: {Status}")]
    internal static partial void RecordingNotDropped(ILogger logger, string recording, StatusCode status);
}
