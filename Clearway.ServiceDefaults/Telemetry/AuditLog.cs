namespace Clearway.ServiceDefaults;

/// <summary>The record of who did what, over all services.</summary>
public static class AuditLog
{
    /// <summary>The category of its events, which operators keep apart from the rest and longer.</summary>
    public const string Category = "Clearway.Audit";
}
