using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Clearway.Signaling.Framing;

/// <summary>
/// Lets a WebSocket go on after HTTP has ended on its connection. Else the request that was upgraded, with its headers, its span and all that
/// Kestrel keeps for requests to come, lasts as long as the call: docs/decisions/0029.
/// </summary>
internal sealed class TransportHandover : IConnectionHeartbeatFeature
{
    private readonly IDuplexPipe _transport;
    private readonly IConnectionHeartbeatFeature? _server;
    private (Action<object> Act, object State)? _http;
    private Func<Task>? _taker;

    private TransportHandover(ConnectionContext connection)
    {
        _transport = connection.Transport;
        _server = connection.Features.Get<IConnectionHeartbeatFeature>();
        connection.Features.Set(this);
        connection.Features.Set<IConnectionHeartbeatFeature>(this);
    }

    void IConnectionHeartbeatFeature.OnHeartbeat(Action<object> action, object state)
    {
        _http = (action, state);
        _server?.OnHeartbeat(static handover => ((TransportHandover)handover).Beat(), this);
    }

    /// <summary>The connection's middleware, outside of TLS and HTTP.</summary>
    internal static ConnectionDelegate Around(ConnectionDelegate http) => connection => RunAsync(connection, http);

    /// <summary>
    /// Has <paramref name="taker"/> run once HTTP has ended, and is done at once; or is done when it is, where the request was read from another
    /// transport than the connection's own (TLS), which ends with HTTP.
    /// </summary>
    internal Task HandOverAsync(IDuplexPipe transport, Func<Task> taker)
    {
        if (transport != _transport)
        {
            return taker();
        }

        _taker = taker;
        return Task.CompletedTask;
    }

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate http)
    {
        var handover = new TransportHandover(connection);
        await http(connection);
        if (handover.Release(connection) is { } taker)
        {
            await taker();
        }
    }

    // What would keep HTTP's part of the connection in memory: who is told of the server's heartbeat, and whom a timeout is told.
    private Func<Task>? Release(ConnectionContext connection)
    {
        var taker = _taker;
        (_http, _taker) = (null, null);
        connection.Features.Set<TransportHandover>(null);
        connection.Features.Set<IConnectionHeartbeatFeature>(null);
        connection.Features.Set<IConnectionTimeoutFeature>(null);
        return taker;
    }

    private void Beat()
    {
        if (_http is var (act, state))
        {
            act(state);
        }
    }
}
