namespace Clearway.Signaling.Policy;

/// <summary>
/// The scripts of moderators' orders. An order is about a participant, whatever the connection: it holds over nodes, resuming and joining
/// again, until it is lifted or the room is forgotten. KEYS and ARGV[1] as in <see cref="ScriptPrelude"/>; ARGV[2] and ARGV[3] are who
/// orders and in which role. Each answers one refusal code, or what changed.
/// </summary>
internal static class OrderScripts
{
    private const string Prelude = ScriptPrelude.Text + """
        local by, by_role = ARGV[2], ARGV[3]

        -- The kick has not reached their node yet.
        if standing_orders().kicked[by] then return {'role_forbidden'} end

        -- Why an order may not be about somebody; nothing when it may.
        local function refused(id)
          local entry = redis.call('HGET', roster, id)
          if not entry then return 'target_unknown' end
          local _, _, _, _, _, _, presence = split(entry)
          if cjson.decode(presence).role == 'Organizer' and by_role ~= 'Organizer' then return 'target_forbidden' end
        end

        -- Lets a function change somebody's presence, or everybody's whom orders to all are about; answers ids and entries that changed.
        local function change(target, alter)
          local changed = {}
          local ids = target ~= '' and {target} or redis.call('HKEYS', roster)
          for _, id in ipairs(ids) do
            local node, connection, incarnation, _, away, resume, presence = split(redis.call('HGET', roster, id))
            local was = cjson.decode(presence)
            local with = cjson.decode(presence)
            alter(id, with)
            if with.audio ~= was.audio or with.video ~= was.video
              or with.audio_locked ~= was.audio_locked or with.video_locked ~= was.video_locked then
              put(id, node, connection, incarnation, tick(), away, resume, cjson.encode(with))
              changed[#changed + 1] = id
              changed[#changed + 1] = redis.call('HGET', roster, id)
            end
          end
          return changed
        end

        local function answer(orders, changed)
          local revision = save(orders)
          keep()
          return {revision, redis.call('HGET', state, 'orders'), nodes(), unpack(changed)}
        end

        """;

    /// <summary>
    /// ARGV[4]: audio or video; ARGV[5]: whom ('' everybody but organizers and moderators); ARGV[6]: '1' locks. Answers the orders'
    /// revision, the orders, the nodes, and each changed participant with the new entry.
    /// </summary>
    internal const string Mute = Prelude + """
        local medium, target, locks = ARGV[4], ARGV[5], ARGV[6] == '1'
        if target ~= '' then
          local refusal = refused(target)
          if refusal then return {refusal} end
        end

        local orders = standing_orders()
        if locks and target ~= '' then orders[medium].of[target] = true end
        if locks and target == '' then orders[medium] = {all = true, of = {}} end
        return answer(orders, change(target, function(id, presence)
          if target == '' and not is_listener(presence.role) then return end
          presence[medium] = false
          presence[medium .. '_locked'] = is_locked(orders[medium], id, presence.role)
        end))
        """;

    /// <summary>ARGV[4]: audio or video; ARGV[5]: whom ('' everybody). Answers as <see cref="Mute"/>.</summary>
    internal const string Allow = Prelude + """
        local medium, target = ARGV[4], ARGV[5]
        if target ~= '' then
          local refusal = refused(target)
          if refusal then return {refusal} end
        end

        local orders = standing_orders()
        if target ~= '' then orders[medium].of[target] = false else orders[medium] = {all = false, of = {}} end
        return answer(orders, change(target, function(id, presence) presence[medium .. '_locked'] = false end))
        """;

    /// <summary>ARGV[4]: who speaks ('' nobody in particular). Answers the orders' revision, the orders and the nodes.</summary>
    internal const string Focus = Prelude + """
        local target = ARGV[4]
        if target ~= '' then
          local refusal = refused(target)
          if refusal then return {refusal} end
        end

        local orders = standing_orders()
        orders.speaker, orders.speaker_by = target, by
        return answer(orders, {})
        """;

    /// <summary>
    /// Takes somebody out, with all their tokens, and bars the invitation they came by: newcomers by it knock. ARGV[4]: whom. Answers
    /// the orders' revision, the orders, the nodes (that of the one kicked included), the recording and its revision, and what the room
    /// used if it is empty now.
    /// </summary>
    internal const string Kick = Prelude + """
        local target = ARGV[4]
        local refusal = refused(target)
        if refusal then return {refusal} end
        if target == by then return {'target_forbidden'} end
        local told = nodes()
        local _, _, _, _, _, _, presence = split(redis.call('HGET', roster, target))
        local was = cjson.decode(presence)
        remove(target)
        revoke(target)
        local orders = standing_orders()
        orders.kicked[target] = by
        -- The organizer's invitation works for the organizer's account alone.
        if was.invitation and was.role ~= 'Organizer' then
          orders.barred = orders.barred or {}
          orders.barred[was.invitation] = true
        end
        local revision = save(orders)
        keep()
        return {revision, redis.call('HGET', state, 'orders'), told,
          redis.call('HGET', state, 'recording') or '', redis.call('HGET', state, 'recording_revision') or '', charge()}
        """;
}
