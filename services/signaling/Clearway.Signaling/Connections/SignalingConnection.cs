using System.Diagnostics;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Connections;

/// <summary>
/// One WebSocket from its first frame to its end: one reader, here, and one way out, the <see cref="Outbox"/>. Nothing of it waits by
/// itself: what takes too long is found by the sweep of <see cref="OpenConnections"/>.
/// </summary>
internal sealed partial class SignalingConnection : IFrameReceiver
{
    private readonly FrameSocket _socket;
    private readonly ActivityContext _trace;
    private readonly ConnectionServices _services;
    private readonly Outbox _outbox;
    private readonly long _opened;

    // Written by whoever lets the session in, before it is told; read by the reader.
    private volatile Seat? _seat;
    private Waiting? _waiting;
    private Task _admission = Task.CompletedTask;
    private bool _hasJoined;
    private bool _hasLeft;
    private long _heardAt;
    private long _second;
    private int _framesInSecond;
    private long _pingedAt;
    private int _unanswered;
    private volatile bool _isHeard;

    internal SignalingConnection(FrameSocket socket, ActivityContext trace, ConnectionServices services)
    {
        _socket = socket;
        _trace = trace;
        _services = services;
        _outbox = new Outbox(socket, services.Flushes, services.Time, services.Options.OutboxMaxBytes);
        _opened = services.Time.GetTimestamp();

        // Connections that came together are not pinged together.
        var interval = services.Options.KeepAliveInterval.TotalSeconds * services.Time.TimestampFrequency;
        _pingedAt = _opened - (long)(Random.Shared.NextDouble() / 2 * interval);
    }

    internal Outbox Outbox => _outbox;

    private bool IsRenewalMissed => (_seat?.Session ?? _waiting?.Session) is { } session
        && _services.Time.GetUtcNow().ToUnixTimeSeconds() - session.TokenExpiresAt > _services.Options.TokenGrace.TotalSeconds;

    internal async Task RunAsync()
    {
        _services.Open.Add(this);
        _services.Metrics.ConnectionOpened();
        try
        {
            await _socket.ReceiveAsync(this);
        }
#pragma warning disable CA1031 // Whatever went wrong in one connection ends that one.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ConnectionFailed(_services.Logger, exception);
        }
        finally
        {
            await TearDownAsync();
        }
    }

    /// <summary>Ends what takes too long, and asks from time to time whether the other side is there.</summary>
    /// <returns>How many bytes are held for the other side.</returns>
    internal int Sweep(long now)
    {
        var (time, options) = (_services.Time, _services.Options);
        var (waits, held) = _outbox.Look(now);
        if (_outbox.Reason is { } reason)
        {
            // Nobody is there to be waited for after a timeout: whoever can be reached has the close frame by now.
            if (waits > (reason == CloseReason.KeepAliveTimeout ? TimeSpan.Zero : options.CloseTimeout))
            {
                _socket.Abort();
            }
        }
        else if (!_hasJoined && time.GetElapsedTime(_opened, now) >= options.JoinTimeout)
        {
            _outbox.Close(CloseReason.JoinTimeout);
        }
        else if (IsRenewalMissed)
        {
            _outbox.Close(CloseReason.RenewalMissed);
        }
        else if (waits > options.StallTimeout)
        {
            _outbox.Close(CloseReason.SlowReader);
        }
        else if (_socket.HasPings && time.GetElapsedTime(_pingedAt, now) >= options.KeepAliveInterval)
        {
            _unanswered = _isHeard ? 0 : _unanswered + 1;
            _isHeard = false;
            _pingedAt = now;
            if (_unanswered == 2)
            {
                _outbox.Close(CloseReason.KeepAliveTimeout);
            }
            else
            {
                _outbox.Ping();
            }
        }

        return held;
    }

    /// <summary>Cuts the connection.</summary>
    internal void Abort() => _socket.Abort();

    void IFrameReceiver.Heard(long bytes)
    {
        _isHeard = true;
        _heardAt = _services.Time.GetTimestamp();
        _services.Metrics.Received(bytes);
        var second = _heardAt / _services.Time.TimestampFrequency;
        _framesInSecond = second == _second ? _framesInSecond : 0;
        _second = second;
    }

    bool IFrameReceiver.MayTake()
    {
        if (++_framesInSecond <= _services.Options.MaxFramesPerSecond)
        {
            return true;
        }

        _outbox.Close(CloseReason.Flood);
        return false;
    }

    void IFrameReceiver.TakePing(ReadOnlySpan<byte> payload) => _outbox.Pong(payload);

    void IFrameReceiver.TakePong(ReadOnlySpan<byte> payload) => _outbox.TakePong(payload);

    void IFrameReceiver.TakeClose(int? status) => _outbox.TakeClose(status);

    void IFrameReceiver.TakeViolation(CloseReason violation) => _outbox.Close(violation);

    private async Task TearDownAsync()
    {
        _waiting?.Stop();
        await _admission.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var reason = _outbox.Reason;
        if (reason is null && _seat is { } dropped)
        {
            dropped.Room.Drop(dropped.Session);
        }

        if (_admission.Exception is { } fault)
        {
            Log.ConnectionFailed(_services.Logger, fault.InnerException!);
        }

        _outbox.End();
        _services.Open.Remove(this);
        _services.Metrics.ConnectionClosed(reason?.Code);
        if (_seat is not { } seat)
        {
            return;
        }

        if (reason is { Code.Length: > 0 })
        {
            Log.Closed(_services.Logger, seat.Session.Id, seat.Room.Id, reason.Code);
        }

        await (_hasLeft || reason is { PermitsResume: false }
            ? _services.Departures.EndAsync(seat, reason?.Status == CloseReason.RoomExpired.Status ? "room_closed" : "left")
            : _services.Departures.DropAsync(seat));
    }
}
