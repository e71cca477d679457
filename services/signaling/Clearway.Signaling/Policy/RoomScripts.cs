namespace Clearway.Signaling.Policy;

/// <summary>What backends ask of rooms. Nothing of it changes a room.</summary>
internal static class RoomScripts
{
    /// <summary>The room as it is; KEYS and ARGV as in <see cref="ScriptPrelude"/>.</summary>
    internal const string Read = ScriptPrelude.Text + "return snapshot()";

    /// <summary>
    /// A page of a tenant's rooms that are not over, those that end first before the others. KEYS: the tenant's rooms. ARGV: the deadline
    /// and the room after which it begins (now and '' for the first), and how many it has at most. Answers room, policy and the number
    /// of participants of each.
    /// </summary>
    internal const string List = """
        local at, after, most = ARGV[1], ARGV[2], 3 * tonumber(ARGV[3])
        local answer, offset, page = {}, 0
        repeat
          page = redis.call('ZRANGEBYSCORE', KEYS[1], at, '+inf', 'WITHSCORES', 'LIMIT', offset, 100)
          for i = 1, #page, 2 do
            local room = page[i]
            local policy = redis.call('HGET', 'clearway:room:{' .. room .. '}:state', 'policy')
            if #answer < most and policy and not (page[i + 1] == at and room <= after) then
              answer[#answer + 1] = room
              answer[#answer + 1] = policy
              answer[#answer + 1] = string.format('%.0f', redis.call('HLEN', 'clearway:room:{' .. room .. '}:roster'))
            end
          end
          offset = offset + 100
        until #page < 200 or #answer >= most
        return answer
        """;
}
