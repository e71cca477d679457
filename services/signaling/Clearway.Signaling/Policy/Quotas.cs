using System.Globalization;
using Clearway.Signaling.Cluster;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Clearway.Signaling.Policy;

/// <summary>What was reserved for somebody who wants to come in.</summary>
/// <param name="Exceeded">The quota that is used up: <c>rooms</c>, <c>participants</c> or <c>minutes</c>; null when none is.</param>
/// <param name="IsRoomNew">Whether the room was not counted before.</param>
/// <param name="IsParticipantNew">Whether the participant was not counted before.</param>
internal readonly record struct Reservation(string? Exceeded, bool IsRoomNew, bool IsParticipantNew);

/// <summary>
/// What tenants use over all nodes: rooms with somebody in, participants, and participant-minutes a month. Each use is a lease that the
/// node of the session renews, so what a node that died held is free again when its leases lapse, and nothing has to be counted back.
/// Tenants without a quota cost nothing. The keys of a tenant lie in one hash slot, that of a room in another: what is reserved and then
/// not used is given back, or lapses.
/// </summary>
internal sealed class Quotas(
    IConnectionMultiplexer redis, RedisCircuit circuit, TimeProvider time, IOptions<SignalingOptions> options, ILogger<Quotas> logger)
{
    // KEYS: rooms, participants, minutes. ARGV: now, lease (ms), room, participant, most rooms, participants and minutes (0: any).
    private const string Reserve = """
        local now, lease, room, who = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[3] .. '|' .. ARGV[4]
        for i = 1, 2 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[1]) end
        local has_room, has_place = redis.call('ZSCORE', KEYS[1], room), redis.call('ZSCORE', KEYS[2], who)
        local function is_full(key, held, most) return most > 0 and not held and redis.call('ZCARD', key) >= most end
        if is_full(KEYS[1], has_room, tonumber(ARGV[5])) then return {'rooms'} end
        if is_full(KEYS[2], has_place, tonumber(ARGV[6])) then return {'participants'} end
        local minutes, used = tonumber(ARGV[7]), tonumber(redis.call('HGET', KEYS[3], 'total') or '0')
        if minutes > 0 and not has_place and used >= minutes * 60000 then return {'minutes'} end
        local lapses = string.format('%.0f', now + lease)
        redis.call('ZADD', KEYS[1], lapses, room)
        redis.call('ZADD', KEYS[2], lapses, who)
        for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], 2 * lease) end
        return {'', has_room and '' or '1', has_place and '' or '1'}
        """;

    // KEYS as above. ARGV: now, lease (ms), room, what the room used since it was opened (ms), participants of this node.
    private const string Renew = """
        local now, lease, room = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
        local lapses = string.format('%.0f', now + lease)
        for i = 5, #ARGV do
          redis.call('ZADD', KEYS[1], lapses, room)
          redis.call('ZADD', KEYS[2], lapses, room .. '|' .. ARGV[i])
        end
        for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], 2 * lease) end

        -- Told as a total, so that telling twice counts once.
        local before = tonumber(redis.call('HGET', KEYS[3], 'room:' .. room) or '0')
        local more = tonumber(ARGV[4]) - before
        if more > 0 then
          redis.call('HSET', KEYS[3], 'room:' .. room, ARGV[4])
          redis.call('HINCRBY', KEYS[3], 'total', string.format('%.0f', more))
          redis.call('PEXPIRE', KEYS[3], 3456000000)
        end
        return {}
        """;

    // KEYS as above. ARGV: room ('' keeps it), room and participant ('' keeps the place).
    private const string Release = """
        if ARGV[1] ~= '' then redis.call('ZREM', KEYS[1], ARGV[1]) end
        if ARGV[2] ~= '' then redis.call('ZREM', KEYS[2], ARGV[2]) end
        return {}
        """;

    private readonly SignalingOptions _options = options.Value;

    private string Now => Text(time.GetUtcNow().ToUnixTimeMilliseconds());

    private string Lease => Text((long)_options.Quotas.Lease.TotalMilliseconds);

    /// <summary>Reserves a place, and the room. Throws as <see cref="Roster"/> does.</summary>
    internal async Task<Reservation> ReserveAsync(Session session)
    {
        if (_options.Quotas.Of(session.Tenant) is not { } quota)
        {
            return default;
        }

        var answer = await RunAsync(
            Reserve,
            session.Tenant,
            time.GetUtcNow(),
            Now,
            Lease,
            session.Room.Value,
            session.Id.Value,
            Text(quota.Rooms),
            Text(quota.Participants),
            Text(quota.MinutesPerMonth));
        return answer is [var exceeded] ? new Reservation(exceeded, false, false) : new Reservation(null, answer[1] != "", answer[2] != "");
    }

    /// <summary>Gives back what was reserved for somebody who did not come in after all.</summary>
    internal Task ReleaseAsync(Session session, Reservation reservation) => reservation.IsParticipantNew || reservation.IsRoomNew
        ? ReleaseAsync(session.Tenant, session.Room, session.Id, reservation.IsRoomNew, reservation.IsParticipantNew)
        : Task.CompletedTask;

    /// <summary>Frees the place of somebody who is out, and the room's where that emptied it.</summary>
    internal async Task ReleaseAsync(string tenant, RoomId room, ParticipantId who, PolicyState policy, ChargingRecord? charged)
    {
        if (charged is not null)
        {
            await RenewAsync(room, policy, charged.TotalMs, []);
        }

        await ReleaseAsync(tenant, room, who, isRoomFree: charged is not null, isPlaceFree: true);
    }

    /// <summary>Renews the leases of a room's sessions on this node, and tells what the room used in all.</summary>
    internal async Task RenewAsync(RoomId room, PolicyState policy, long usedMs, IReadOnlyList<ParticipantId> here)
    {
        if (policy.Policy is not { } known || _options.Quotas.Of(known.Tenant) is null)
        {
            return;
        }

        try
        {
            // Of the month in which the room was opened.
            var month = DateTimeOffset.FromUnixTimeMilliseconds(known.OpenedAt);
            await RunAsync(Renew, known.Tenant, month, [Now, Lease, room.Value, Text(usedMs), .. here.Select(id => id.Value)]);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.RedisDoesNotAnswer(logger, "renew quota", exception);
        }
    }

    private async Task ReleaseAsync(string tenant, RoomId room, ParticipantId who, bool isRoomFree, bool isPlaceFree)
    {
        if (_options.Quotas.Of(tenant) is null)
        {
            return;
        }

        try
        {
            await RunAsync(
                Release, tenant, time.GetUtcNow(), isRoomFree ? room.Value : "", isPlaceFree ? $"{room.Value}|{who.Value}" : "");
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // It lapses.
            Log.RedisDoesNotAnswer(logger, "release quota", exception);
        }
    }

    private async Task<string[]> RunAsync(string script, string tenant, DateTimeOffset month, params string[] arguments)
    {
        var prefix = $"clearway:quota:{{{tenant}}}:";
        RedisKey[] keys =
        [
            prefix + "rooms", prefix + "participants", prefix + "minutes:" + month.ToString("yyyyMM", CultureInfo.InvariantCulture),
        ];
        RedisValue[] values = [.. arguments.Select(argument => (RedisValue)argument)];
        var answer = await circuit.RunAsync(() => redis.GetDatabase().ScriptEvaluateAsync(script, keys, values));
        return [.. ((string?[]?)answer ?? []).Select(value => value ?? "")];
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
