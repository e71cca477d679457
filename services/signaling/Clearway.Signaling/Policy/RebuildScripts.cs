namespace Clearway.Signaling.Policy;

/// <summary>The scripts that put back what Redis lost; KEYS and ARGV as in <see cref="ScriptPrelude"/>.</summary>
internal static class RebuildScripts
{
    /// <summary>
    /// Puts an entry back that Redis lost. ARGV: now, participant, node, connection, incarnation, resume id, presence, orders ('' for none).
    /// Answers the entry and the nodes, or nothing for somebody who was kicked.
    /// </summary>
    internal const string Restore = ScriptPrelude.Text + """
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
    internal const string Rebuild = ScriptPrelude.Text + """
        local seen, count = ARGV[2], tonumber(ARGV[3])
        local function revision_of(name) return tonumber(redis.call('HGET', state, name) or '-1') end
        for i = 4, 3 + count, 3 do
          local name, value, revision = ARGV[i], ARGV[i + 1], ARGV[i + 2]
          if tonumber(revision) > revision_of(name .. '_revision') then
            redis.call('HSET', state, name, value, name .. '_revision', revision)
          end
        end
        if tonumber(seen) > revision_of('revision') then redis.call('HSET', state, 'revision', seen) end
        -- What was used before is forgotten; from here on it is counted again.
        account()
        local orders = standing_orders()
        for i = 4 + count, #ARGV - 2, 2 do
          local id, entry = ARGV[i], ARGV[i + 1]
          local kept = redis.call('HGET', roster, id)
          local _, _, _, revision, _, resume = split(kept or entry)
          local _, _, _, mine = split(entry)

          -- The same entry from a node that does not hold the session lacks what resumes it.
          local is_news = not kept or tonumber(mine) > tonumber(revision) or mine == revision and resume == ''
          if is_news and not orders.kicked[id] then redis.call('HSET', roster, id, entry) end
        end

        for id in pairs(orders.kicked) do
          if redis.call('HEXISTS', roster, id) == 1 then remove(id) end
          revoke(id)
        end
        list(policy_of())

        redis.call('HSETNX', state, 'occupied_at', text(now))
        redis.call('HSET', state, 'peak', text(math.max(tonumber(redis.call('HGET', state, 'peak') or '0'), redis.call('HLEN', roster))))
        keep()
        return {}
        """;
}
