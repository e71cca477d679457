namespace Aspire.StackExchange.Redis;

/// <summary>Settings of the section <c>Aspire:StackExchange:Redis</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>Comma-delimited configuration of the server; <c>ConnectionStrings:{name}</c> wins over the section's.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves the spans of commands out.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>When false, the connection is opened as the host starts; when true, the default, on first use.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
