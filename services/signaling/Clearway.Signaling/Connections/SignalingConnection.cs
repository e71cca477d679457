using System.Diagnostics;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Connections;

/// <summary>
/// One WebSocket from its first frame to its end: one reader, here, and one way out, the <see cref="Outbox"/>. Nothing of it waits by
/// itself: what takes too long is found by the sweep of <see cref="OpenConnections"/>.
/// </summary>
internal sealed class SignalingConnection : IFrameReceiver
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
            if (_unanswered > 2)
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

    ValueTask IFrameReceiver.TakeAsync(ReadOnlyMemory<byte> message)
    {
        if (_outbox.Reason is not null)
        {
            return ValueTask.CompletedTask;
        }

        if (_seat is { } seat && RelayEnvelope.TryRead(message.Span, out var envelope))
        {
            Relay(seat, envelope);
            return ValueTask.CompletedTask;
        }

        return TakeAsync(ClientFrameReader.Read(message));
    }

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

        // Of what the node ended itself, only 4000 to 4099 may be resumed.
        await (_hasLeft || reason?.Status is { } status and not (>= 4000 and < 4100)
            ? _services.Departures.EndAsync(seat, reason?.Status == CloseReason.RoomExpired.Status ? "room_closed" : "left")
            : _services.Departures.DropAsync(seat));
    }

    private void Relay(Seat seat, scoped RelayEnvelope envelope)
    {
        if (!seat.Session.TryTake())
        {
            return;
        }

        Span<char> target = stackalloc char[ClientFrameReader.MaxIdCharacters];
        var length = System.Text.Encoding.UTF8.GetChars(envelope.Target, target);
        var refusal = seat.Room.Relay(seat.Session, target[..length], envelope.Kind, envelope.Payload);
        var count = _services.Metrics.Relayed(envelope.Kind);
        if (count % SignalingMetrics.TimedRelays == 0)
        {
            _services.Metrics.RelayTook(_services.Time.GetElapsedTime(_heardAt));
        }

        var type = envelope.Kind switch { RelayKind.Offer => "offer", RelayKind.Answer => "answer", _ => "candidate" };
        if (_services.Options.TracedRelays is > 0 and var traced && count % traced == 0)
        {
            Trace(type, envelope.Payload.Length, refusal);
        }

        Refuse(refusal, type);
    }

    // From when its bytes were read until it lay with the recipient; in the trace of the join, whose spans are of the same connection.
    private void Trace(string type, int bytes, Refusal? refusal)
    {
        var (time, now) = (_services.Time, _services.Time.GetUtcNow());
        using var span = Telemetry.Source.StartActivity(
            "relay", ActivityKind.Internal, _trace, startTime: now - time.GetElapsedTime(_heardAt));
        span?.SetTag("clearway.type", type).SetTag("clearway.bytes", bytes).SetTag("clearway.outcome", refusal?.Code ?? "relayed");
        span?.SetEndTime(now.UtcDateTime);
    }

    private async ValueTask TakeAsync(ClientFrame frame)
    {
        if (frame.IsBroken)
        {
            _outbox.Close(CloseReason.BadJson);
            return;
        }

        if (_seat is null && frame.Type != "join" && !(_waiting is not null && frame.Message is ClientMessage.Renew or ClientMessage.Leave))
        {
            _outbox.Close(CloseReason.JoinExpected);
            return;
        }

        if (_seat is { } seated && IsCounted(frame.Type) && !seated.Session.TryTake())
        {
            return;
        }

        _services.Metrics.Frame(frame.Message is null ? "refused" : frame.Type!);
        var refusal = frame.Refusal;
        if (frame.Message is ClientMessage.Join join && _seat is null && _waiting is null)
        {
            _hasJoined = true;
            await JoinAsync(join);
        }
        else if (frame.Message is { } message)
        {
            refusal = await ObeyAsync(message, _seat);
        }

        Refuse(refusal, frame.Type);
    }

    // Whoever leaves resumes nothing; the others are worth nothing later, or said anew with each connection.
    private static bool IsCounted(string? type) => type is not ("leave" or "pointer" or "renew" or "quality");

    private void Refuse(Refusal? refusal, string? type)
    {
        if (refusal is not null)
        {
            _services.Metrics.Refused(refusal.Code);
            _outbox.Post(ServerFrame.Error(refusal, type));
        }
    }

    private async ValueTask<Refusal?> ObeyAsync(ClientMessage message, Seat? taken)
    {
        switch (message)
        {
            case ClientMessage.Renew renew:
                var (renewed, refusal) = await _services.Membership.RenewAsync(
                    taken?.Session ?? _waiting!.Session, renew.Token, _socket.Gone);
                if (renewed is { } frame)
                {
                    _outbox.Post(frame);
                }

                return refusal;
            case ClientMessage.Leave:
                _hasLeft = true;
                _outbox.Close(CloseReason.Normal);
                return null;
            case ClientMessage.Join:
                _outbox.Close(CloseReason.JoinExpected);
                return null;
            default:
                return await _services.Seated.ObeyAsync(message, taken!);
        }
    }

    private async Task JoinAsync(ClientMessage.Join join)
    {
        var joining = await _services.Membership.JoinAsync(join, _outbox, _trace, TakeSeat, _socket.Gone);
        if (joining.Waiting is { } waiting)
        {
            _waiting = waiting;
            _admission = WaitAsync(waiting);
            return;
        }

        Begin(joining);
    }

    // The reader goes on meanwhile: it answers pings, and notices when the connection is gone.
    private async Task WaitAsync(Waiting waiting) => Begin(await _services.Membership.WaitAsync(waiting, TakeSeat, _socket.Gone));

    private void TakeSeat(Seat seat) => _seat = seat;

    private void Begin(Joining joining)
    {
        if (joining.Refused is { } refused)
        {
            _outbox.Close(refused);
        }
        else if (joining.Seat is { } seat && (!seat.IsResumed || !seat.Session.IsComplete))
        {
            _ = SendHistoryAsync(seat);
        }
    }

    private async Task SendHistoryAsync(Seat seat)
    {
        if (await _services.Chat.HistoryAsync(seat, _socket.Gone) is { } history)
        {
            _outbox.Post(history);
        }
    }
}
