using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>The one connection of a process, with its tracing.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly RedisTracing? _tracing;

    internal RedisConnection(ConnectionMultiplexer multiplexer, bool traced)
    {
        Multiplexer = multiplexer;
        _tracing = traced ? new RedisTracing(multiplexer) : null;
    }

    internal IConnectionMultiplexer Multiplexer { get; }

    public void Dispose()
    {
        _tracing?.Dispose();
        Multiplexer.Dispose();
    }
}
