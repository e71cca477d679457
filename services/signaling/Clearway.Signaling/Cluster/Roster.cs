using System.Diagnostics;
using System.Globalization;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>How an admission went.</summary>
internal enum AdmissionOutcome
{
    Joined,
    Resumed,
    Replaced,
    Waiting,
    Refused,
}

/// <summary>The answer of the admission script.</summary>
/// <param name="Outcome">Admitted in one of three ways, in the lobby, or refused.</param>
/// <param name="Code">The outcome in the script's word: the code of a refusal, for one.</param>
/// <param name="OlderNode">Node of the participant's older connection, if it is alive.</param>
/// <param name="Revision">Revision of the new entry, or since when one waits.</param>
/// <param name="Nodes">The room's nodes, where one waits.</param>
/// <param name="Charged">What the room used before it stood empty, if it did.</param>
/// <param name="Snapshot">The room, the new entry included; null for those who were not admitted.</param>
internal sealed record Admission(
    AdmissionOutcome Outcome,
    string Code,
    string? OlderNode = null,
    long Revision = 0,
    string[]? Nodes = null,
    ChargingRecord? Charged = null,
    RosterSnapshot? Snapshot = null);

/// <summary>A change of the roster, and the nodes that have to hear of it.</summary>
internal sealed record RosterChange(RosterEntry Entry, string[] Nodes);

/// <summary>A removal from the roster, and what it did to the recording.</summary>
internal sealed record RosterRemoval(long Revision, string[] Nodes, RecordingState Recording, ChargingRecord? Charged);

/// <summary>A recording begun or ended.</summary>
internal sealed record RecordingChange(long Revision, Recording? Before, string[] Nodes);

/// <summary>
/// The rosters of all rooms in Redis. Every method throws <see cref="RedisException"/> or <see cref="TimeoutException"/> when Redis does
/// not answer in time, or has forgotten what this node knows and not been told again yet.
/// </summary>
internal sealed partial class Roster(
    IConnectionMultiplexer redis,
    RedisCircuit circuit,
    RedisEpoch epoch,
    NodeIdentity node,
    TimeProvider time,
    IOptions<SignalingOptions> options)
{
    private readonly SignalingOptions _options = options.Value;

    private IDatabase Database => redis.GetDatabase();

    private string Now => Text(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Admits a participant, or refuses, in one step over all nodes.</summary>
    /// <param name="session">Who wants to come in.</param>
    /// <param name="resume">What continues an older session.</param>
    /// <param name="opening">The policy by which the room is opened, if it is not open yet.</param>
    /// <param name="isWaiting">Whether the session is in the lobby already.</param>
    internal async Task<Admission> AdmitAsync(Session session, string? resume, RoomPolicy opening, bool isWaiting)
    {
        using var activity = Telemetry.Source.StartActivity("redis admit", ActivityKind.Client);
        activity?.SetTag("db.system.name", "redis");
        activity?.SetTag("db.operation.name", "EVALSHA");
        var answer = await RunAsync(
            AdmissionScript.Admit,
            session.Room,
            session.Id.Value,
            node.Id,
            session.Connection.Value,
            resume ?? "",
            session.Resume.Value,
            RosterEntry.ToText(session.Presence),
            opening.ToText(),
            Text((long)_options.ResumeWindow.TotalMilliseconds),
            isWaiting ? "1" : "",
            Text(epoch.RedisTime + (long)_options.RedisTimeout.TotalMilliseconds));
        activity?.SetTag("clearway.outcome", answer[0]);
        return answer switch
        {
            [var code] => new Admission(AdmissionOutcome.Refused, code),
            [var kind, var since, var nodes] => new Admission(AdmissionOutcome.Waiting, kind, null, Number(since), Nodes(nodes)),
            _ => new Admission(
                answer[0] switch
                {
                    "joined" => AdmissionOutcome.Joined,
                    "resumed" => AdmissionOutcome.Resumed,
                    _ => AdmissionOutcome.Replaced,
                },
                answer[0],
                answer[1].Length == 0 ? null : answer[1],
                Number(answer[2]),
                null,
                ChargingRecord.Parse(answer[3]),
                Snapshot(answer.AsSpan(4))),
        };
    }

    /// <summary>
    /// Whether a node may still hear what it is told. Redis knows of a process that ended by its connection, long before its heartbeats are
    /// missed; true where Redis cannot say.
    /// </summary>
    internal async Task<bool> MayHearAsync(string other)
    {
        try
        {
            var answer = (RedisResult[]?)await circuit.RunAsync(
                () => Database.ExecuteAsync("PUBSUB", "NUMSUB", (string)NodeLink.ChannelOf(other)!));
            return answer is not [_, var listeners] || (long)listeners > 0;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return true;
        }
    }

    /// <summary>Marks a participant away or back; null when another connection speaks for the participant by now, or none.</summary>
    internal async Task<RosterChange?> ChangeAsync(Session session, long awayUntil)
    {
        var answer = await RunAsync(
            RosterScripts.Change, session.Room, session.Id.Value, session.Connection.Value, Text(awayUntil), "", "");
        return answer.Length == 0 ? null : Change(session.Id, answer);
    }

    /// <summary>
    /// Tells what this node changed of a session by itself while Redis was out of its reach; null when Redis has something newer.
    /// </summary>
    internal async Task<RosterChange?> CatchUpAsync(Session session, RosterEntry entry)
    {
        var answer = await RunAsync(
            RosterScripts.Change,
            session.Room,
            session.Id.Value,
            session.Connection.Value,
            Text(entry.AwayUntil),
            PresenceChange.To(entry.Presence).ToText(),
            Text(entry.Revision));
        return answer.Length == 0 ? null : Change(session.Id, answer);
    }

    /// <summary>
    /// Changes what a participant says of itself; no change when another connection speaks for the participant by now, or none.
    /// </summary>
    internal async Task<(RosterChange? Change, Refusal? Refusal)> ChangeAsync(Session session, PresenceChange presence)
    {
        var answer = await RunAsync(
            RosterScripts.Change, session.Room, session.Id.Value, session.Connection.Value, "", presence.ToText(), "");
        return answer.Length switch
        {
            0 => (null, null),
            1 => (null, Refusal.MutedByModerator),
            _ => (Change(session.Id, answer), null),
        };
    }

    /// <summary>Takes a participant out; null when another connection speaks for the participant by now, or none.</summary>
    internal async Task<RosterRemoval?> RemoveAsync(RoomId room, ParticipantId id, ConnectionId connection)
    {
        var answer = await RunAsync(RosterScripts.Remove, room, id.Value, connection.Value);
        return answer.Length == 0
            ? null
            : new RosterRemoval(
                Number(answer[0]),
                Nodes(answer[1]),
                new RecordingState(Recording.Parse(answer[2]), Number(answer[3])),
                ChargingRecord.Parse(answer[4]));
    }

    /// <summary>Puts back what Redis lost of a participant who is still connected here; null for somebody who was kicked.</summary>
    internal async Task<RosterChange?> RestoreAsync(Session session, RosterEntry entry, OrdersState orders)
    {
        var answer = await RunAsync(
            RebuildScripts.Restore,
            session.Room,
            session.Id.Value,
            node.Id,
            session.Connection.Value,
            Text(entry.Incarnation),
            session.Resume.Value,
            RosterEntry.ToText(entry.Presence),
            orders.Revision == 0 ? "" : orders.Orders.ToText());
        return answer.Length == 0 ? null : Change(session.Id, answer);
    }

    /// <summary>Puts back all that this node knows of a room, into the epoch that waits for it.</summary>
    internal Task RebuildAsync(RoomId room, RoomKnowledge knowledge, string awaiting)
    {
        string[] state =
        [
            "policy", knowledge.Policy.Policy!.ToText(), Text(knowledge.Policy.Revision),
            "recording", Recording.ToText(knowledge.Recording.Recording), Text(knowledge.Recording.Revision),
            .. knowledge.Orders.Revision == 0
                ? Array.Empty<string>()
                : ["orders", knowledge.Orders.Orders.ToText(), Text(knowledge.Orders.Revision)],
        ];
        return RunInAsync(
            awaiting,
            RebuildScripts.Rebuild,
            room,
            [
                Text(knowledge.Revision),
                Text(state.Length),
                .. state,
                .. knowledge.Entries.SelectMany(entry => new[] { entry.Id.Value, entry.ToText() }),
            ]);
    }

    /// <summary>
    /// Begins (or, with null, ends) the room's recording. Refused when one is under way already (or none is), and to somebody who is out by now.
    /// </summary>
    internal async Task<(RecordingChange? Change, Refusal? Refusal)> RecordAsync(Session by, Recording? recording)
    {
        var answer = await RunAsync(RosterScripts.Record, by.Room, Recording.ToText(recording), by.Id.Value);
        return answer.Length switch
        {
            0 => (null, recording is null ? Refusal.NotRecording : Refusal.AlreadyRecording),
            1 => (null, Refusal.RoleForbidden),
            _ => (new RecordingChange(Number(answer[0]), Recording.Parse(answer[1]), Nodes(answer[2])), null),
        };
    }

    /// <summary>
    /// The room as it is now, after ending what dead nodes left behind, what it used if that emptied it, and what it used in all (ms).
    /// </summary>
    internal async Task<(RosterSnapshot Snapshot, ChargingRecord? Charged, long UsedMs)> SyncAsync(RoomId room)
    {
        var answer = await RunAsync(RosterScripts.Sync, room, Text((long)_options.ResumeWindow.TotalMilliseconds));
        return (Snapshot(answer.AsSpan(2)), ChargingRecord.Parse(answer[0]), Number(answer[1]));
    }

    /// <summary>Marks a system message as announced; false when it was already.</summary>
    internal Task<bool> AnnounceAsync(RoomId room, string digest) => circuit.RunAsync(() => Database
        .StringSetAsync($"clearway:room:{{{room}}}:announced:{digest}", "1", TimeSpan.FromDays(1), When.NotExists, CommandFlags.None));

    private Task<string[]> RunAsync(string script, RoomId room, params string[] arguments) =>
        RunInAsync(epoch.Known, script, room, arguments);

    private async Task<string[]> RunInAsync(string vouchedFor, string script, RoomId room, string[] arguments)
    {
        RedisKey[] keys = [$"clearway:room:{{{room}}}:state", $"clearway:room:{{{room}}}:roster", $"clearway:room:{{{room}}}:lobby"];
        RedisValue[] values = [Now, .. arguments.Select(argument => (RedisValue)argument), vouchedFor];
        var result = await circuit.RunAsync(() => Database.ScriptEvaluateAsync(script, keys, values));
        return [.. ((string?[]?)result ?? []).Select(value => value ?? "")];
    }

    private static RosterChange Change(ParticipantId id, string[] answer) =>
        new(RosterEntry.Parse(id, answer[0]), Nodes(answer[1]));

    private static string[] Nodes(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static RosterSnapshot Snapshot(ReadOnlySpan<string> values)
    {
        const int Fields = 8;
        var waiting = Fields + (int)Number(values[7]);
        var lobby = new List<LobbyEntry>();
        for (var i = Fields; i < waiting; i += 2)
        {
            lobby.Add(LobbyEntry.Parse(new ParticipantId(values[i]), values[i + 1]));
        }

        var entries = new List<RosterEntry>();
        for (var i = waiting; i + 1 < values.Length; i += 2)
        {
            entries.Add(RosterEntry.Parse(new ParticipantId(values[i]), values[i + 1]));
        }

        return new RosterSnapshot(
            Number(values[0]),
            new PolicyState(RoomPolicy.Parse(values[1]), Number(values[2])),
            new RecordingState(Recording.Parse(values[3]), Number(values[4])),
            new OrdersState(RoomOrders.Parse(values[5]), Number(values[6])),
            lobby,
            entries);
    }

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
