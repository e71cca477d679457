namespace Clearway.Signaling.Policy;

/// <summary>The script that lets somebody into a room, holds in its lobby, or refuses; KEYS and ARGV as in <see cref="ScriptPrelude"/>.</summary>
internal static class AdmissionScript
{
    /// <summary>
    /// ARGV: now, participant, node, connection, offered resume id, new resume id, presence, the policy by which the room would be opened,
    /// resume window (ms), '1' for somebody who waits already, time in Redis' clock until which anybody waits for the answer (ms). While
    /// nodes still put back what Redis lost, newcomers get an error, for the room may be full. Else answers one refusal code; or knocking
    /// or waiting_for_moderator, the revision and the nodes; or outcome (joined, resumed, replaced), the node of the older connection if it
    /// is alive, revision, what the room used before it stood empty ('' if it did not), then the snapshot.
    /// </summary>
    internal const string Admit = ScriptPrelude.Text + """
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
          if entering.role ~= 'Organizer' and redis.call('HLEN', roster) >= rules.max_peers then return {'room_full'} end
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
}
