using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>The one connection of a process, with its tracing, and with a log of its losses, which later versions keep themselves.</summary>
internal sealed partial class RedisConnection : IDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly RedisTracing? _tracing;
    private readonly StalledWrites _stalledWrites;

    internal RedisConnection(ConnectionMultiplexer multiplexer, bool traced, ILogger<RedisConnection> log)
    {
        _multiplexer = multiplexer;
        _stalledWrites = new StalledWrites(multiplexer);
        _tracing = traced ? new RedisTracing(multiplexer) : null;
        Multiplexer = traced ? ScriptTracing.Around(multiplexer) : multiplexer;
        multiplexer.ConnectionFailed += (_, lost) => LogLost(log, lost.ConnectionType, lost.FailureType, lost.Exception);
        multiplexer.ConnectionRestored += (_, restored) => LogRestored(log, restored.ConnectionType);
        multiplexer.InternalError += (_, error) => LogInternalError(log, error.Origin, error.Exception);
    }

    internal IConnectionMultiplexer Multiplexer { get; }

    public void Dispose()
    {
        _stalledWrites.Dispose();
        _tracing?.Dispose();
        _multiplexer.Dispose();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The {Type} connection to Redis was lost: {Failure}")]
    private static partial void LogLost(ILogger logger, ConnectionType type, ConnectionFailureType failure, Exception? exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "The {Type} connection to Redis is back")]
    private static partial void LogRestored(ILogger logger, ConnectionType type);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "The Redis client stumbled in {Origin}")]
    private static partial void LogInternalError(ILogger logger, string origin, Exception? exception);
}
