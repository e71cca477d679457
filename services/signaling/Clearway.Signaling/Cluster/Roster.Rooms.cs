using Clearway.Signaling.Policy;
using Clearway.Signaling.Rooms;
using StackExchange.Redis;

namespace Clearway.Signaling.Cluster;

/// <summary>An open room of a tenant, and how many are in it.</summary>
internal sealed record OpenRoom(RoomId Id, RoomPolicy Policy, int Participants);

/// <summary>What backends ask of rooms.</summary>
internal sealed partial class Roster
{
    /// <summary>The room as it is, for whoever owns it; without a policy when nobody ever opened it, or it is forgotten.</summary>
    internal async Task<RosterSnapshot> ReadAsync(RoomId room) => Snapshot(await RunAsync(RoomScripts.Read, room));

    /// <summary>Some of the rooms with somebody in at which no node has looked since then (Unix milliseconds): their nodes have died.</summary>
    internal async Task<IReadOnlyList<RoomId>> AbandonedAsync(long since)
    {
        var rooms = await circuit.RunAsync(() => Database.SortedSetRangeByScoreAsync("clearway:occupied", stop: since, take: 100));
        return [.. rooms.Select(room => new RoomId((string)room!))];
    }

    /// <summary>A page of a tenant's open rooms, those that end first before the others.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The last room of the page before; null for the first page.</param>
    /// <param name="limit">The most that the page has.</param>
    internal async Task<IReadOnlyList<OpenRoom>> ListAsync(string tenant, (long Deadline, string Room)? after, int limit)
    {
        RedisValue[] values = [after is { } last ? Text(last.Deadline) : "(" + Now, after?.Room ?? "", Text(limit)];
        var answer = (RedisValue[]?)await circuit.RunAsync(
            () => Database.ScriptEvaluateAsync(RoomScripts.List, [$"clearway:tenant:{tenant}:rooms"], values)) ?? [];
        return
        [
            .. answer.Chunk(3).Select(room => new OpenRoom(new RoomId((string)room[0]!), RoomPolicy.Parse((string)room[1]!)!, (int)room[2])),
        ];
    }
}
