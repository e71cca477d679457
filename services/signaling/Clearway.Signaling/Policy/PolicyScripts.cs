namespace Clearway.Signaling.Policy;

/// <summary>
/// The scripts by which a room's policy changes, and those about its lobby. KEYS and ARGV[1] as in <see cref="ScriptPrelude"/>. Each of the
/// policy answers the policy's revision, the policy and the nodes, or nothing where it is so already: two who pause at once pause once.
/// Who gives an order, ARGV[2], and was kicked gets a refusal code.
/// </summary>
internal static class PolicyScripts
{
    private const string Ordered = ScriptPrelude.Text + """
        local by = ARGV[2]

        -- The kick has not reached their node yet.
        if standing_orders().kicked[by] then return {'role_forbidden'} end

        """;

    private const string Prelude = Ordered + """
        -- A room that goes on at most 300 minutes, and a paused one as long.
        local longest = 18000000
        local policy = policy_of()

        local function changed()
          policy.by = by
          return {save_policy(policy), redis.call('HGET', state, 'policy'), nodes()}
        end

        """;

    private const string Running = Prelude + """
        if not policy or policy.deadline <= now then return {} end

        """;

    /// <summary>ARGV[2]: who pauses. The deadline moves to the end of the safety slot.</summary>
    internal const string Pause = Running + """
        if policy.paused_at ~= 0 then return {} end
        policy.paused_at, policy.remaining, policy.deadline = now, policy.deadline - now, now + longest
        return changed()
        """;

    /// <summary>ARGV[2]: who resumes. The deadline that was before the pause moves by exactly the pause.</summary>
    internal const string Resume = Running + """
        if policy.paused_at == 0 then return {} end
        policy.deadline = math.max(now, policy.paused_at) + policy.remaining
        policy.paused_at, policy.remaining = 0, 0
        return changed()
        """;

    /// <summary>
    /// ARGV[2]: who extends; ARGV[3]: by how many milliseconds; ARGV[4]: or until when ('' for the former). Never beyond 300 minutes
    /// from now, and never less than before.
    /// </summary>
    internal const string Extend = Running + """
        local began = policy.paused_at ~= 0 and 0 or now
        local which = policy.paused_at ~= 0 and 'remaining' or 'deadline'
        local wish = ARGV[4] == '' and policy[which] + tonumber(ARGV[3]) or tonumber(ARGV[4]) - now + began
        local extended = math.max(policy[which], math.min(wish, began + longest))
        if extended == policy[which] then return {} end
        policy[which] = extended
        return changed()
        """;

    /// <summary>ARGV[2]: who locks; ARGV[3]: '1' locks, '' unlocks.</summary>
    internal const string Lock = Running + """
        local locked = ARGV[3] == '1'
        if policy.locked == locked then return {} end
        policy.locked = locked
        return changed()
        """;

    /// <summary>ARGV[2]: who ends the room.</summary>
    internal const string End = Running + """
        policy.ended_by, policy.deadline, policy.paused_at, policy.remaining = by, now, 0, 0
        return changed()
        """;

    /// <summary>
    /// Lets somebody in who knocks, or turns away. ARGV[2]: who decides; ARGV[3]: about whom ('' everybody who knocks); ARGV[4]: admitted or
    /// denied. Answers the nodes and whom it was about, or nothing when nobody of them knocks.
    /// </summary>
    internal const string Decide = Ordered + """
        local answer = {nodes()}
        local waiting = redis.call('HGETALL', lobby)
        for i = 1, #waiting, 2 do
          local kind, rest = string.match(waiting[i + 1], '^([^|]*)(|.*)$')
          if kind == 'knocking' and (ARGV[3] == '' or ARGV[3] == waiting[i]) then
            redis.call('HSET', lobby, waiting[i], ARGV[4] .. rest)
            answer[#answer + 1] = waiting[i]
          end
        end
        if #answer == 1 then return {} end
        tick()
        return answer
        """;

    /// <summary>ARGV[2]: who waits no longer; ARGV[3]: by which connection. Answers the nodes, or nothing.</summary>
    internal const string GiveUp = ScriptPrelude.Text + """
        local mine = redis.call('HGET', lobby, ARGV[2])
        if not mine or string.match(mine, '^[^|]*|[^|]*|([^|]*)|') ~= ARGV[3] then return {} end
        local told = nodes()
        tick()
        redis.call('HDEL', lobby, ARGV[2])
        return {told}
        """;
}
