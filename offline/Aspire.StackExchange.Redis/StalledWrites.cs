using System.Net;
using System.Reflection;
using StackExchange.Redis;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Sets a connection going again whose commands are queued and written by nobody. Version 1 asks for a writer only when a command finds the
/// queue empty; a writer that has just met a connection that is not up yet takes that request for its own and forgets it. What is queued
/// then waits for ever, and so does all that comes after it.
/// </summary>
internal sealed class StalledWrites : IDisposable
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private static readonly MethodInfo RequestWrite =
        typeof(ConnectionMultiplexer).GetMethod("RequestWrite", Inside) ?? throw Unknown();

    private static readonly MethodInfo GetServer =
        typeof(ConnectionMultiplexer).GetMethod("GetServerEndPoint", Inside, [typeof(EndPoint)]) ?? throw Unknown();

    private static readonly MethodInfo GetBridge =
        GetServer.ReturnType.GetMethod("GetBridge", Inside, [typeof(ConnectionType), typeof(bool), typeof(TextWriter)]) ?? throw Unknown();

    private readonly ConnectionMultiplexer _multiplexer;
    private readonly Dictionary<(EndPoint Server, ConnectionType Type), long> _written = [];
    private readonly Lock _looking = new();
    private readonly Timer _timer;
    private bool _disposed;

    internal StalledWrites(ConnectionMultiplexer multiplexer)
    {
        _multiplexer = multiplexer;
        _timer = new Timer(_ => Look(), null, Period, Period);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_looking)
        {
            _disposed = true;
        }
    }

    private static InvalidOperationException Unknown() => new("This is not the version of StackExchange.Redis that the stand-in is for.");

    private void Look()
    {
        lock (_looking)
        {
            foreach (var server in _disposed ? [] : _multiplexer.GetEndPoints())
            {
                var counters = _multiplexer.GetServer(server).GetCounters();
                Look(server, counters.Interactive);
                Look(server, counters.Subscription);
            }
        }
    }

    private void Look(EndPoint server, ConnectionCounters? connection)
    {
        // Nobody has subscribed to anything, or the server has not been met yet.
        if (connection is null)
        {
            return;
        }

        var key = (server, connection.ConnectionType);
        if (connection.PendingUnsentItems == 0)
        {
            _written.Remove(key);
        }
        else if (!_written.TryAdd(key, connection.OperationCount) && _written[key] == connection.OperationCount)
        {
            var bridge = GetBridge.Invoke(GetServer.Invoke(_multiplexer, [server]), [connection.ConnectionType, false, null]);
            RequestWrite.Invoke(_multiplexer, [bridge, true]);
        }
        else
        {
            _written[key] = connection.OperationCount;
        }
    }
}
