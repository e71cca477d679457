namespace Clearway.Signaling.Policy;

/// <summary>The scripts about who is in a room and who records it; KEYS and ARGV as in <see cref="ScriptPrelude"/>.</summary>
internal static class RosterScripts
{
    /// <summary>
    /// Changes an entry while the connection still speaks for it. ARGV: now, participant, connection, away until ('' keeps), a JSON
    /// object of those members of the presence that change ('' keeps), the revision by which the node made the change by itself while
    /// Redis was out of its reach ('' for one that is made now): then it counts only if it is the newer one, and a medium that was locked
    /// meanwhile is off. Answers the new entry and the room's nodes, or nothing, or, for a medium that is locked by order,
    /// muted_by_moderator.
    /// </summary>
    internal const string Change = ScriptPrelude.Text + """
        local entry = redis.call('HGET', roster, ARGV[2])
        if not entry then return {} end
        local node, connection, incarnation, revision, away, resume, presence = split(entry)
        if connection ~= ARGV[3] then return {} end
        local made_at = tonumber(ARGV[6])
        if made_at and made_at <= tonumber(revision) then return {} end
        if ARGV[4] ~= '' then away = ARGV[4] end
        if ARGV[5] ~= '' then
          local with = cjson.decode(presence)
          for member, value in pairs(cjson.decode(ARGV[5])) do with[member] = value end
          if with.audio and with.audio_locked or with.video and with.video_locked then
            if not made_at then return {'muted_by_moderator'} end
            with.audio, with.video = with.audio and not with.audio_locked, with.video and not with.video_locked
          end
          presence = cjson.encode(with)
        end
        if made_at and made_at > tonumber(redis.call('HGET', state, 'revision')) then redis.call('HSET', state, 'revision', ARGV[6]) end
        put(ARGV[2], node, connection, incarnation, tick(), away, resume, presence)
        return {redis.call('HGET', roster, ARGV[2]), nodes()}
        """;

    /// <summary>
    /// ARGV: now, participant, connection. Answers the revision, the room's nodes, the recording with its revision, and what the room
    /// used if it is empty now; or nothing. While nodes still put back what Redis lost, an error: one of them might put the entry back
    /// after it was taken out, and then nobody would take it out again.
    /// </summary>
    internal const string Remove = ScriptPrelude.Text + """
        if not is_complete then return redis.error_reply('REBUILDING the roster is not complete') end
        local entry = redis.call('HGET', roster, ARGV[2])
        if not entry then return {} end
        local _, connection = split(entry)
        if connection ~= ARGV[3] then return {} end
        local revision = remove(ARGV[2])
        return {revision, nodes(),
          redis.call('HGET', state, 'recording') or '', redis.call('HGET', state, 'recording_revision') or '', charge()}
        """;

    /// <summary>
    /// ARGV: now, recording to start ('' stops the one under way), by whom. Answers the revision, what was recorded before and the nodes, or
    /// nothing where it is so already, or, for somebody who is not in the room (any more), a refusal code.
    /// </summary>
    internal const string Record = ScriptPrelude.Text + """
        if redis.call('HEXISTS', roster, ARGV[3]) == 0 then return {'role_forbidden'} end
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
    internal const string Sync = ScriptPrelude.Text + """
        sweep(tonumber(ARGV[2]))
        local charged = charge()
        if redis.call('HLEN', roster) > 0 then account() end
        local answer = {charged, redis.call('HGET', state, 'used') or '0'}
        for _, value in ipairs(snapshot()) do answer[#answer + 1] = value end
        return answer
        """;
}
