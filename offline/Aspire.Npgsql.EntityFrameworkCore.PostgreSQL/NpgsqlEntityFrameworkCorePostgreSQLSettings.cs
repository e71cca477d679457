namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Settings of the section <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>.</summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{name}</c> wins over the section's.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves out the repetition of commands that failed for a passing reason.</summary>
    public bool DisableRetry { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Accepted for the package's sake: whether Npgsql's spans are collected is decided where sources are.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Accepted for the package's sake: whether Npgsql's meter is collected is decided where meters are.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Longest time for one command, in seconds.</summary>
    public int? CommandTimeout { get; set; }
}
