using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Clearway.Auth.Tests;

/// <summary>Keeps what the service logs, as text with its category and event id.</summary>
internal sealed class LogRecorder : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, EventId Event, string Text)> _entries = [];

    public IReadOnlyList<(string Category, EventId Event, string Text)> Entries => [.. _entries];

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName, _entries);

    public void Dispose()
    {
    }

    private sealed class Recorder(string category, ConcurrentQueue<(string Category, EventId Event, string Text)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((category, eventId, $"{formatter(state, exception)} {exception}"));
    }
}
