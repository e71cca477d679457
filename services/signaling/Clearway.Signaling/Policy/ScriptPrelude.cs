namespace Clearway.Signaling.Policy;

/// <summary>
/// What the scripts begin with by which nodes agree about a room. Each runs in Redis as one step, so capacity and the recording's one owner hold
/// whatever the nodes do at the same time. KEYS: the room's state, roster and lobby. ARGV[1]: now in Unix milliseconds; the last of ARGV:
/// the epoch for which the asking node vouches (<see cref="Cluster.RedisEpoch"/>). In any other epoch the answer is an error, and nothing
/// has changed.
/// </summary>
internal static class ScriptPrelude
{
    internal const string Text = """
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

        -- Notes when the room ends among its tenant's. No room goes on for longer than that is kept without changing its policy.
        local function list(policy)
          local rooms = 'clearway:tenant:' .. policy.tenant .. ':rooms'
          redis.call('ZREMRANGEBYSCORE', rooms, '-inf', text(now))
          redis.call('ZADD', rooms, text(policy.deadline), string.match(state, '{(.*)}'))
          redis.call('PEXPIRE', rooms, text(retention))
        end

        local function save_policy(policy)
          local revision = tick()
          redis.call('HSET', state, 'policy', cjson.encode(policy), 'policy_revision', revision)
          list(policy)
          keep()
          return revision
        end

        -- Counts participant-milliseconds: how many were in, times how long. Comes before every change of how many are in. Notes as well when
        -- anybody looked at the room last, for one whose nodes have all died is nobody's to look at.
        local function account()
          local since = tonumber(redis.call('HGET', state, 'used_at') or now)
          redis.call('HINCRBY', state, 'used', text(redis.call('HLEN', roster) * math.max(now - since, 0)))
          redis.call('HSET', state, 'used_at', text(now))
          redis.call('ZADD', 'clearway:occupied', text(now), string.match(state, '{(.*)}'))
        end

        -- What a room that emptied used since it was charged last; nothing while somebody is in.
        local function charge()
          if redis.call('HLEN', roster) > 0 then return '' end
          redis.call('ZREM', 'clearway:occupied', string.match(state, '{(.*)}'))
          local peak = redis.call('HGET', state, 'peak') or '0'
          if peak == '0' then return '' end
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
}
