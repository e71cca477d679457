using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Clearway.Signaling.Tests.Driver;

/// <summary>One audit event, with its members by name.</summary>
internal sealed record AuditEvent(int Id, IReadOnlyDictionary<string, string?> Members)
{
    /// <summary>The member's text; null when the event has none.</summary>
    internal string? this[string name] => Members.GetValueOrDefault(name);
}

/// <summary>Keeps the events that all nodes log in one category.</summary>
internal sealed class AuditTrail(string category) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<AuditEvent> _events = new();

    /// <summary>The events of one room so far.</summary>
    internal IReadOnlyList<AuditEvent> Of(string room) => [.. _events.Where(happened => happened["Room"] == room)];

    public ILogger CreateLogger(string categoryName) =>
        categoryName == category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Enqueue(new AuditEvent(
            eventId.Id,
            ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(member => member.Key, member => member.Value?.ToString())));

    public void Dispose()
    {
    }
}
