namespace Clearway.Signaling.Policy;

/// <summary>
/// The scripts by which nodes agree about a room. Each runs in Redis as one step, so capacity and the recording's one owner hold
/// whatever the nodes do at the same time. KEYS: the room's state, roster and lobby. ARGV[1]: now in Unix milliseconds; the last of ARGV:
/// the epoch for which the asking node vouches (<see cref="Cluster.RedisEpoch"/>). In any other epoch the answer is an error, and nothing
/// has changed.
/// </summary>
internal static class RosterScripts
{
    internal const string Prelude = """
        local state, roster, lobby = KEYS[1], KEYS[2], KEYS[3]
        local now = tonumber(ARGV[1])

        local epoch = redis.call('HMGET', 'clearway:epoch', 'id', 'complete_at', 'beat', 'patience')
        if epoch[1] ~= ARGV[#ARGV] then return redis.error_reply('REBUILDING another epoch has begun') end
        local clock = redis.call('TIME')
        local redis_time = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local is_complete = tonumber(epoch[2]) <= redis_time

        -- A room is remembered after its deadline for as long as an invitation to it lives, so that nobody opens it anew.
        local retention = 86400000

        local function text(number) return string.format('%.0f', number) end

        -- Microseconds, and more than before: revisions go on rising even after Redis lost everything.
        local function tick()
          local time = redis.call('TIME')
          local clock = time[1] * 1000000 + time[2]
          local last = tonumber(redis.call('HGET', state, 'revision') or '0')
          local revision = text(clock > last and clock or last + 1)
          redis.call('HSET', state, 'revision', revision)
          return revision
        end

        local function split(entry)
          return string.match(entry, '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|([^|]*)|(.*)$')
        end

        local function put(id, ...)
          redis.call('HSET', roster, id, table.concat({...}, '|'))
        end

        -- What the room may use and until when; nothing before somebody opened it.
        local function policy_of()
          local policy = redis.call('HGET', state, 'policy')
          return policy and cjson.decode(policy)
        end

        local function keep()
          local policy = policy_of()
          local ttl = text(math.max((policy and policy.deadline or now) - now, 0) + retention)
          redis.call('PEXPIRE', state, ttl)
          redis.call('PEXPIRE', roster, ttl)
          redis.call('PEXPIRE', lobby, ttl)
        end

        local function save_policy(policy)
          local revision = tick()
          redis.call('HSET', state, 'policy', cjson.encode(policy), 'policy_revision', revision)
          keep()
          return revision
        end

        -- Counts participant-milliseconds: how many were in, times how long. Comes before every change of how many are in.
        local function account()
          local since = tonumber(redis.call('HGET', state, 'used_at') or now)
          redis.call('HINCRBY', state, 'used', text(redis.call('HLEN', roster) * math.max(now - since, 0)))
          redis.call('HSET', state, 'used_at', text(now))
        end

        -- What a room that emptied used since it was charged last; nothing while somebody is in.
        local function charge()
          local peak = redis.call('HGET', state, 'peak') or '0'
          if peak == '0' or redis.call('HLEN', roster) > 0 then return '' end
          local used, charged = redis.call('HGET', state, 'used'), redis.call('HGET', state, 'charged') or '0'
          local occupied = redis.call('HGET', state, 'occupied_at')
          redis.call('HSET', state, 'charged', used, 'peak', '0')
          local policy = policy_of()
          return table.concat({policy and policy.tenant or '', occupied, peak, text(used - charged), used}, '|')
        end

        local function recording_of(id)
          local recording = redis.call('HGET', state, 'recording') or ''
          local by = string.match(recording, '^[^|]*|([^|]*)|')
          return by == id
        end

        -- What moderators ordered and what still holds. `of` has those about whom there is an order of their own.
        local function standing_orders()
          local orders = redis.call('HGET', state, 'orders')
          return orders and cjson.decode(orders) or
            {speaker = '', speaker_by = '', audio = {all = false, of = {}}, video = {all = false, of = {}}, kicked = {}, barred = {}}
        end

        local function save(orders)
          local revision = tick()
          redis.call('HSET', state, 'orders', cjson.encode(orders), 'orders_revision', revision)
          return revision
        end

        -- Auth asks for this key whenever a token is shown (docs/decisions/0017-kicks.md). It outlives every token that names the participant.
        local function revoke(id) redis.call('SET', 'revoked:' .. id, '1', 'PX', 3600000) end

        local function is_listener(role) return role == 'Participant' or role == 'Observer' end

        local function is_locked(medium, id, role)
          local own = medium.of[id]
          if own ~= nil then return own end
          return medium.all and is_listener(role)
        end

        -- Takes somebody out; neither a recording nor the stage outlives who has it.
        local function remove(id)
          local revision = tick()
          account()
          redis.call('HDEL', roster, id)
          if recording_of(id) then
            redis.call('HSET', state, 'recording', '', 'recording_revision', revision)
          end
          local orders = standing_orders()
          if orders.speaker == id then
            orders.speaker, orders.speaker_by = '', id
            redis.call('HSET', state, 'orders', cjson.encode(orders), 'orders_revision', revision)
          end
          return revision
        end

        -- Ends what a dead node left behind: its participants are away from now on, and those away too long are out. When no node's
        -- heartbeat came lately, or not yet all that may come, it is Redis that was away.
        local function sweep(window)
          if not is_complete or redis_time - tonumber(epoch[3]) > tonumber(epoch[4]) then return end
          local all = redis.call('HGETALL', roster)
          for i = 1, #all, 2 do
            local node, connection, incarnation, revision, away, resume, presence = split(all[i + 1])
            if away ~= '0' then
              if tonumber(away) + 2000 < now then remove(all[i]) end
            elseif redis.call('EXISTS', 'clearway:node:' .. node) == 0 then
              put(all[i], node, connection, incarnation, tick(), text(now + window), resume, presence)
            end
          end
          local waiting = redis.call('HGETALL', lobby)
          for i = 1, #waiting, 2 do
            local node = string.match(waiting[i + 1], '^[^|]*|([^|]*)|')
            if redis.call('EXISTS', 'clearway:node:' .. node) == 0 then redis.call('HDEL', lobby, waiting[i]) end
          end
        end

        -- Of those who are in, and of those who wait to be let in.
        local function nodes()
          local seen, list = {}, {}
          local function add(node)
            if not seen[node] then
              seen[node] = true
              list[#list + 1] = node
            end
          end
          for _, entry in ipairs(redis.call('HVALS', roster)) do add((split(entry))) end
          for _, entry in ipairs(redis.call('HVALS', lobby)) do add((string.match(entry, '^[^|]*|([^|]*)|'))) end
          return table.concat(list, ',')
        end

        local function snapshot()
          local values = redis.call('HMGET', state, 'revision', 'policy', 'policy_revision', 'recording', 'recording_revision',
            'orders', 'orders_revision')
          for i = 1, 7 do values[i] = values[i] or '' end
          local waiting = redis.call('HGETALL', lobby)
          values[8] = text(#waiting)
          for _, value in ipairs(waiting) do values[#values + 1] = value end
          for _, value in ipairs(redis.call('HGETALL', roster)) do values[#values + 1] = value end
          return values
        end

        """;

    /// <summary>
    /// ARGV: now, participant, node, connection, offered resume id, new resume id, presence, the policy by which the room would be opened,
    /// resume window (ms), '1' for somebody who waits already, time in Redis' clock until which anybody waits for the answer (ms). While
    /// nodes still put back what Redis lost, newcomers get an error, for the room may be full. Else answers one refusal code; or knocking
    /// or waiting_for_moderator, the revision and the nodes; or outcome (joined, resumed, replaced), the node of the older connection if it
    /// is alive, revision, what the room used before it stood empty ('' if it did not), then the snapshot.
    /// </summary>
    internal const string Admit = Prelude + """
        local id, node, connection, offered, resume, presence = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
        if redis_time > tonumber(ARGV[11]) then return redis.error_reply('LATE nobody waits for the answer') end
        if not is_complete then
          -- Nor can a session be resumed before the node that holds it has told its resume id.
          local kept = redis.call('HGET', roster, id)
          if not kept or select(6, split(kept)) == '' then return redis.error_reply('REBUILDING the roster is not complete') end
        end
        local entering, opening, is_waiting = cjson.decode(presence), cjson.decode(ARGV[8]), ARGV[10] == '1'
        local policy = policy_of()
        if policy and policy.deadline <= now then return {policy.ended_by ~= '' and 'room_ended' or 'room_expired'} end
        local orders = standing_orders()
        if orders.kicked[id] then return {'kicked'} end
        sweep(tonumber(ARGV[9]))
        local charged = charge()

        local function leads(role) return role == 'Organizer' or role == 'Moderator' end

        local function is_led()
          for _, entry in ipairs(redis.call('HVALS', roster)) do
            local _, _, _, _, _, _, presence = split(entry)
            if leads(cjson.decode(presence).role) then return true end
          end
          return false
        end

        -- Who may not go straight in: the answer, or nothing for those who may.
        local function held_up()
          local rules = policy or opening
          local mine = redis.call('HGET', lobby, id)
          local stands, _, by, since = string.match(mine or '', '^([^|]*)|([^|]*)|([^|]*)|([^|]*)|')
          if is_waiting and mine and by ~= connection then return {'replaced'} end
          redis.call('HDEL', lobby, id)
          if stands == 'denied' then return {'not_admitted'} end
          if redis.call('HLEN', roster) >= rules.max_peers then return {'room_full'} end
          if stands == 'admitted' then return end
          local is_barred = entering.invitation and orders.barred and orders.barred[entering.invitation]
          if leads(entering.role) and not is_barred then return end
          if rules.locked then return {'room_locked'} end
          if rules.paused_at ~= 0 then return {'room_paused'} end
          local kind = rules.wait_for_moderator and not is_led() and 'waiting_for_moderator' or (rules.lobby or is_barred) and 'knocking'
          if not kind then return end
          if redis.call('HLEN', lobby) >= 100 then return {'room_full'} end
          if stands ~= kind or by ~= connection then since = tick() end
          redis.call('HSET', lobby, id, table.concat({kind, node, connection, since, entering.name}, '|'))
          keep()
          return {kind, since, nodes()}
        end

        local outcome, older = 'joined', ''
        local incarnation
        local entry = redis.call('HGET', roster, id)
        if entry then
          local at, _, began, _, away, kept, was = split(entry)
          outcome = 'replaced'
          if offered ~= '' and offered == kept and (away == '0' or tonumber(away) > now) then
            outcome, incarnation, presence = 'resumed', began, was
          end
          if redis.call('EXISTS', 'clearway:node:' .. at) == 1 then older = at end
        else
          local answer = held_up()
          if answer then return answer end
        end

        if not policy then
          opening.opened_at, opening.deadline = now, now + opening.ttl_minutes * 60000
          save_policy(opening)
        end
        if outcome == 'replaced' then remove(id) end
        if outcome ~= 'resumed' then
          entering.audio_locked = is_locked(orders.audio, id, entering.role)
          entering.video_locked = is_locked(orders.video, id, entering.role)
          presence = cjson.encode(entering)
        end
        local revision = tick()
        account()
        put(id, node, connection, incarnation or revision, revision, '0', resume, presence)
        local peak, size = tonumber(redis.call('HGET', state, 'peak') or '0'), redis.call('HLEN', roster)
        if peak == 0 then redis.call('HSET', state, 'occupied_at', text(now)) end
        if size > peak then redis.call('HSET', state, 'peak', text(size)) end
        keep()
        local answer = {outcome, older, revision, charged}
        for _, value in ipairs(snapshot()) do answer[#answer + 1] = value end
        return answer
        """;

    /// <summary>
    /// Changes an entry while the connection still speaks for it. ARGV: now, participant, connection, away until ('' keeps), a JSON
    /// object of those members of the presence that change ('' keeps). Answers the new entry and the room's nodes, or nothing, or, for a
    /// medium that is locked by order, muted_by_moderator.
    /// </summary>
    internal const string Change = Prelude + """
        local entry = redis.call('HGET', roster, ARGV[2])
        if not entry then return {} end
        local node, connection, incarnation, _, away, resume, presence = split(entry)
        if connection ~= ARGV[3] then return {} end
        if ARGV[4] ~= '' then away = ARGV[4] end
        if ARGV[5] ~= '' then
          local with = cjson.decode(presence)
          for member, value in pairs(cjson.decode(ARGV[5])) do with[member] = value end
          if with.audio and with.audio_locked or with.video and with.video_locked then return {'muted_by_moderator'} end
          presence = cjson.encode(with)
        end
        put(ARGV[2], node, connection, incarnation, tick(), away, resume, presence)
        return {redis.call('HGET', roster, ARGV[2]), nodes()}
        """;

    /// <summary>
    /// ARGV: now, participant, connection. Answers the revision, the room's nodes, the recording with its revision, and what the room
    /// used if it is empty now; or nothing.
    /// </summary>
    internal const string Remove = Prelude + """
        local entry = redis.call('HGET', roster, ARGV[2])
        if not entry then return {} end
        local _, connection = split(entry)
        if connection ~= ARGV[3] then return {} end
        local revision = remove(ARGV[2])
        return {revision, nodes(),
          redis.call('HGET', state, 'recording') or '', redis.call('HGET', state, 'recording_revision') or '', charge()}
        """;

    /// <summary>
    /// Puts an entry back that Redis lost. ARGV: now, participant, node, connection, incarnation, resume id, presence, orders ('' for none).
    /// Answers the entry and the nodes, or nothing for somebody who was kicked.
    /// </summary>
    internal const string Restore = Prelude + """
        if ARGV[8] ~= '' and redis.call('HSETNX', state, 'orders', ARGV[8]) == 1 then
          redis.call('HSET', state, 'orders_revision', tick())
        end
        if standing_orders().kicked[ARGV[2]] then return {} end
        if redis.call('HEXISTS', roster, ARGV[2]) == 0 then
          account()
          put(ARGV[2], ARGV[3], ARGV[4], ARGV[5], tick(), '0', ARGV[6], ARGV[7])
          redis.call('HSETNX', state, 'occupied_at', text(now))
          redis.call('HSET', state, 'peak', text(math.max(tonumber(redis.call('HGET', state, 'peak') or '0'), redis.call('HLEN', roster))))
        end
        keep()
        return {redis.call('HGET', roster, ARGV[2]), nodes()}
        """;

    /// <summary>
    /// Puts back what a node knows of a room after Redis forgot. The newer knowledge counts, of each thing by itself, whoever brings it and
    /// in whatever order: a node that saw the latest change may have missed one before. ARGV: now, the newest revision that the node has
    /// seen, the number of values that follow for the room's state (name, value, its revision, ...), those, then id and entry of everyone
    /// in the room.
    /// </summary>
    internal const string Rebuild = Prelude + """
        local seen, count = ARGV[2], tonumber(ARGV[3])
        local function revision_of(name) return tonumber(redis.call('HGET', state, name) or '-1') end
        for i = 4, 3 + count, 3 do
          local name, value, revision = ARGV[i], ARGV[i + 1], ARGV[i + 2]
          if tonumber(revision) > revision_of(name .. '_revision') then
            redis.call('HSET', state, name, value, name .. '_revision', revision)
          end
        end
        if tonumber(seen) > revision_of('revision') then redis.call('HSET', state, 'revision', seen) end
        for i = 4 + count, #ARGV - 2, 2 do
          local id, entry = ARGV[i], ARGV[i + 1]
          local kept = redis.call('HGET', roster, id)
          local _, _, _, revision, _, resume = split(kept or entry)
          local _, _, _, mine = split(entry)

          -- The same entry from a node that does not hold the session lacks what resumes it.
          if not kept or tonumber(mine) > tonumber(revision) or mine == revision and resume == '' then
            redis.call('HSET', roster, id, entry)
          end
        end

        for id in pairs(standing_orders().kicked) do revoke(id) end

        -- What was used before is forgotten; from here on it is counted again.
        redis.call('HSETNX', state, 'used_at', text(now))
        redis.call('HSETNX', state, 'used', '0')
        redis.call('HSETNX', state, 'occupied_at', text(now))
        redis.call('HSET', state, 'peak', text(math.max(tonumber(redis.call('HGET', state, 'peak') or '0'), redis.call('HLEN', roster))))
        keep()
        return {}
        """;

    /// <summary>
    /// ARGV: now, recording to start ('' stops the one under way). Answers the revision, what was recorded before and the nodes.
    /// </summary>
    internal const string Record = Prelude + """
        local before = redis.call('HGET', state, 'recording') or ''
        if (before == '') == (ARGV[2] == '') then return {} end
        local revision = tick()
        redis.call('HSET', state, 'recording', ARGV[2], 'recording_revision', revision)
        keep()
        return {revision, before, nodes()}
        """;

    /// <summary>
    /// ARGV: now, resume window (ms). Answers what the room used if it is empty since, what it used since it was opened (ms), then the
    /// snapshot.
    /// </summary>
    internal const string Sync = Prelude + """
        sweep(tonumber(ARGV[2]))
        local charged = charge()
        if redis.call('HLEN', roster) > 0 then account() end
        local answer = {charged, redis.call('HGET', state, 'used') or '0'}
        for _, value in ipairs(snapshot()) do answer[#answer + 1] = value end
        return answer
        """;
}
