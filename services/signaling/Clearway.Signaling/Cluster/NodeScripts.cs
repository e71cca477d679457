namespace Clearway.Signaling.Cluster;

/// <summary>The scripts by which nodes say that they live, and notice together when Redis has forgotten.</summary>
internal static class NodeScripts
{
    internal const string Epoch = "clearway:epoch";
    internal const string Nodes = "clearway:nodes";

    /// <summary>
    /// A heartbeat. KEYS: the epoch, the set of nodes, this node's address. ARGV: node, address, node timeout (ms), the epoch that this
    /// node has filled ('' at its start), grace (ms). Answers the epoch, Redis' clock and when rooms are
    /// open to newcomers (ms).
    /// </summary>
    internal const string Beat = """
        local epoch, nodes, node = KEYS[1], KEYS[2], KEYS[3]
        local timeout, filled, grace = tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        local function text(number) return string.format('%.0f', number) end

        local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
        local was = redis.call('HMGET', epoch, 'id', 'run', 'beat')
        local current = was[1]
        local is_forgetful = not current or was[2] ~= run or now - tonumber(was[3]) > timeout / 2

        -- Whoever lived before is subscribed still (or again): what they know has to be waited for. A first node waits for nobody.
        local is_awaited = filled ~= '' and filled ~= current
        if is_forgetful then
          current = text(clock[1] * 1000000 + clock[2])
          is_awaited = filled ~= '' or #redis.call('PUBSUB', 'CHANNELS', 'clearway:node:*') > 1
          redis.call('HSET', epoch, 'id', current, 'run', run, 'patience', text(timeout / 2), 'complete_at', '0')
        end
        if is_awaited then redis.call('HSET', epoch, 'complete_at', text(now + grace)) end
        redis.call('HSET', epoch, 'beat', text(now))

        redis.call('SET', node, ARGV[2], 'PX', text(timeout))
        redis.call('SADD', nodes, ARGV[1])
        for _, id in ipairs(redis.call('SMEMBERS', nodes)) do
          if redis.call('EXISTS', 'clearway:node:' .. id) == 0 then redis.call('SREM', nodes, id) end
        end

        return {current, text(now), redis.call('HGET', epoch, 'complete_at')}
        """;
}
