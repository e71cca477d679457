namespace Clearway.ServiceDefaults;

/// <summary>How calls to one other service are bounded and repeated.</summary>
public sealed class ResilienceOptions
{
    /// <summary>Longest wait for the response headers over all attempts; null where the answer ends a long stream. Default 10 s.</summary>
    public TimeSpan? Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest wait for the response headers of one attempt; one that takes longer counts as failed. Null leaves it to the whole. Default
    /// null.
    /// </summary>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Attempts after the first. Default 2.</summary>
    public int Retries { get; set; } = 2;

    /// <summary>Pause before the first repetition; it doubles with jitter. Default 100 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Whether every call through this client may be repeated even when the other side may have acted on it, as for a gRPC service of
    /// reads only. Otherwise GET, HEAD, OPTIONS, PUT and DELETE are repeated, and any call that never reached the other side.
    /// </summary>
    public bool Idempotent { get; set; }

    /// <summary>How many attempts within 10 s it takes to judge the service: when half of them failed, the breaker opens. Default 10.</summary>
    public int MinimumAttempts { get; set; } = 10;

    /// <summary>How long calls fail at once after that. Default 5 s.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
