using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Clearway.Proxy.Tests;

/// <summary>What the proxy logs, each line as level and text, in the order in which it came.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite($"{logLevel} {formatter(state, exception)}");

    /// <summary>Waits for a line that begins so, and returns all lines up to it.</summary>
    internal async Task<IReadOnlyList<string>> ReadUntilAsync(string beginning)
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var lines = new List<string>();
        do
        {
            lines.Add(await _lines.Reader.ReadAsync(giveUp.Token));
        }
        while (!lines[^1].StartsWith(beginning, StringComparison.Ordinal));

        return lines;
    }

    public void Dispose()
    {
    }
}
