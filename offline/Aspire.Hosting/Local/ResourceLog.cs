using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Local;

/// <summary>What the processes of a resource write: passed on line by line with the resource's name, the last lines kept for the report of a failure.</summary>
internal sealed class ResourceLog(string name, int color, bool toConsole, ILogger logger)
{
    private const int Kept = 20;

    private static readonly bool _colored = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Queue<string> _last = new(Kept);

    public void Write(string line)
    {
        lock (_gate)
        {
            if (_last.Count == Kept)
            {
                _last.Dequeue();
            }

            _last.Enqueue(line);
        }

        if (toConsole)
        {
            Console.Out.WriteLine(_colored ? $"\e[3{1 + (color % 6)}m{name,-10}\e[0m | {line}" : $"{name,-10} | {line}");
        }
        else
        {
            Log.Line(logger, line);
        }
    }

    /// <summary>The last line that says something, for the report of a failure; null when nothing was written.</summary>
    public string? LastWords()
    {
        lock (_gate)
        {
            return _last.LastOrDefault(line => line.Contains("FATAL", StringComparison.OrdinalIgnoreCase) || line.Contains("Unhandled", StringComparison.Ordinal) || line.Contains("error", StringComparison.OrdinalIgnoreCase))
                ?? _last.LastOrDefault(line => !string.IsNullOrWhiteSpace(line));
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    public static partial void Line(ILogger logger, string line);
}
