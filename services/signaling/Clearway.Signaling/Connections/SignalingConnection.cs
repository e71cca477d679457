using System.Diagnostics;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;
using Microsoft.Extensions.Options;

namespace Clearway.Signaling.Connections;

/// <summary>What every connection works with.</summary>
internal sealed class ConnectionServices(
    Membership membership,
    RoomChat chat,
    ChatChanges changes,
    RoomPresence presence,
    RoomCommands commands,
    OpenConnections open,
    SignalingMetrics metrics,
    TimeProvider time,
    IOptions<SignalingOptions> options,
    ILogger<SignalingConnection> logger)
{
    internal Membership Membership => membership;

    internal RoomChat Chat => chat;

    internal ChatChanges Changes => changes;

    internal RoomPresence Presence => presence;

    internal RoomCommands Commands => commands;

    internal OpenConnections Open => open;

    internal SignalingMetrics Metrics => metrics;

    internal TimeProvider Time => time;

    internal SignalingOptions Options => options.Value;

    internal ILogger Logger => logger;
}

/// <summary>One WebSocket from its first frame to its end: one reader, here, and one writer, the <see cref="Outbox"/>.</summary>
internal sealed class SignalingConnection(FrameSocket socket, ActivityContext trace, ConnectionServices services) : IDisposable
{
    private readonly Outbox _outbox = new(services.Options.OutboxMaxBytes);
    // Written by whoever lets the session in, before it is told; read by the reader.
    private volatile Seat? _seat;
    private Waiting? _waiting;
    private Task _admission = Task.CompletedTask;
    private bool _hasLeft;
    private long _second;
    private int _framesInSecond;

    internal async Task RunAsync(CancellationToken aborted)
    {
        using var open = services.Open.Add(_outbox);
        services.Metrics.ConnectionOpened();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var writing = WriteAsync();
        var reading = ReadAsync(gone.Token);
        try
        {
            await Task.WhenAny(reading, Task.Delay(Timeout.InfiniteTimeSpan, services.Time, _outbox.Closing));
            if (!reading.IsCompleted)
            {
                // The node ends it: what is queued, the error and the close frame go out, and the other side's close frame comes in.
                await Task.WhenAny(
                    Task.WhenAll(writing, reading), Task.Delay(services.Options.CloseTimeout, services.Time, CancellationToken.None));
            }
        }
        finally
        {
            await TearDownAsync(gone, reading, writing);
        }
    }

    public void Dispose() => _outbox.Dispose();

    private async Task TearDownAsync(CancellationTokenSource gone, Task reading, Task writing)
    {
        _waiting?.Stop();
        await _admission.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var reason = _outbox.Reason;
        if (reason is null && _seat is { } dropped)
        {
            dropped.Room.Drop(dropped.Session);
        }

        _outbox.Close(CloseReason.Normal);
        if (reading.IsCompleted)
        {
            await Task.WhenAny(writing, Task.Delay(services.Options.CloseTimeout, services.Time, CancellationToken.None));
        }

        if (!reading.IsCompleted || !writing.IsCompleted)
        {
            // Only then: cutting a connection that ended well can overtake its close frame.
            await gone.CancelAsync();
            socket.Abort();
        }

        await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if ((reading.Exception ?? _admission.Exception) is { } fault)
        {
            Log.ConnectionFailed(services.Logger, fault.InnerException!);
        }

        services.Metrics.ConnectionClosed(reason?.Code);
        if (_seat is not { } seat)
        {
            return;
        }

        if (reason is { Code.Length: > 0 })
        {
            Log.Closed(services.Logger, seat.Session.Id, seat.Room.Id, reason.Code);
        }

        // Of what the node ended itself, only 4000 to 4099 may be resumed.
        await (_hasLeft || reason?.Status is { } status and not (>= 4000 and < 4100)
            ? services.Membership.EndAsync(seat, reason?.Status == CloseReason.RoomExpired.Status ? "room_closed" : "left")
            : services.Membership.DropAsync(seat));
    }

    private async Task WriteAsync()
    {
        try
        {
            await _outbox.WriteAsync(socket, CancellationToken.None);
            var reason = _outbox.Reason!;
            if (reason.Code.Length > 0)
            {
                await socket.SendAsync(ServerFrame.Error(reason).Bytes, CancellationToken.None);
            }

            await socket.CloseAsync(reason);
        }
        catch (Exception exception) when (FrameSocket.IsGone(exception))
        {
            // The reader finds out as well; what was not sent stays in the outbox.
            socket.Abort();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        // Ends with the connection at the latest, so that nobody holds one open without saying who it is.
        using var joinTimer = services.Time.CreateTimer(
            _ => _outbox.Close(CloseReason.JoinTimeout), null, services.Options.JoinTimeout, Timeout.InfiniteTimeSpan);
        while (true)
        {
            var received = await socket.ReceiveAsync(cancellationToken);
            if (received.Reason is { } violation)
            {
                _outbox.Close(violation);
                await socket.DrainAsync(cancellationToken);
                return;
            }

            if (!received.IsFrame)
            {
                return;
            }

            if (_outbox.Reason is not null)
            {
                continue;
            }

            if (IsFlood())
            {
                _outbox.Close(CloseReason.Flood);
            }
            else
            {
                await TakeAsync(ClientFrameReader.Read(received.Frame), joinTimer, cancellationToken);
            }
        }
    }

    private async ValueTask TakeAsync(ClientFrame frame, ITimer joinTimer, CancellationToken cancellationToken)
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

        services.Metrics.Frame(frame.Message is null ? "refused" : frame.Type!);
        var refusal = frame.Refusal;
        if (frame.Message is ClientMessage.Join join && _seat is null && _waiting is null)
        {
            joinTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            await JoinAsync(join, cancellationToken);
        }
        else if (frame.Message is { } message)
        {
            refusal = await ObeyAsync(message, _seat, cancellationToken);
        }

        if (refusal is not null)
        {
            services.Metrics.Refused(refusal.Code);
            _outbox.Post(ServerFrame.Error(refusal, frame.Type));
        }
    }

    private async ValueTask<Refusal?> ObeyAsync(ClientMessage message, Seat? taken, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case ClientMessage.Renew renew:
                var (renewed, refusal) = await services.Membership.RenewAsync(
                    taken?.Session ?? _waiting!.Session, renew.Token, cancellationToken);
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
                return await ObeyAsync(message, taken!);
        }
    }

    private async ValueTask<Refusal?> ObeyAsync(ClientMessage message, Seat seat)
    {
        switch (message)
        {
            case ClientMessage.Relay relay:
                return seat.Room.Relay(
                    seat.Session, new ParticipantId(relay.TargetId), ServerFrame.Relay(relay.Kind, seat.Session.Id, relay.Payload));
            case ClientMessage.Chat chat:
                return services.Chat.Say(seat.Room, seat.Session, chat);
            case ClientMessage.SystemChat system:
                return await services.Chat.AnnounceAsync(seat.Room, seat.Session, system);
            case ClientMessage.ChatEdit edit:
                return await services.Changes.EditAsync(seat.Room, seat.Session, edit);
            case ClientMessage.ChatDelete delete:
                return await services.Changes.DeleteAsync(seat.Room, seat.Session, delete);
            case ClientMessage.Reaction reaction:
                return await services.Changes.ReactAsync(seat.Room, seat.Session, reaction);
            case ClientMessage.MediaState media:
                return await services.Presence.SetMediaAsync(seat, media);
            case ClientMessage.RaiseHand hand:
                return await services.Presence.RaiseHandAsync(seat, hand);
            case ClientMessage.Pointer pointer:
                services.Presence.Point(seat, pointer);
                return null;
            case ClientMessage.Control control:
                return await services.Commands.ObeyAsync(seat, control);
            default:
                throw new UnreachableException();
        }
    }

    private async Task JoinAsync(ClientMessage.Join join, CancellationToken cancellationToken)
    {
        var joining = await services.Membership.JoinAsync(join, _outbox, trace, TakeSeat, cancellationToken);
        if (joining.Waiting is { } waiting)
        {
            _waiting = waiting;
            _admission = WaitAsync(waiting, cancellationToken);
            return;
        }

        Begin(joining, cancellationToken);
    }

    // The reader goes on meanwhile: it answers pings, and notices when the connection is gone.
    private async Task WaitAsync(Waiting waiting, CancellationToken cancellationToken) =>
        Begin(await services.Membership.WaitAsync(waiting, TakeSeat, cancellationToken), cancellationToken);

    private void TakeSeat(Seat seat) => _seat = seat;

    private void Begin(Joining joining, CancellationToken cancellationToken)
    {
        if (joining.Refused is { } refused)
        {
            _outbox.Close(refused);
        }
        else if (joining.Seat is { IsResumed: false } seat)
        {
            _ = SendHistoryAsync(seat.Session, cancellationToken);
        }
    }

    private async Task SendHistoryAsync(Session session, CancellationToken cancellationToken)
    {
        if (await services.Chat.HistoryAsync(session, cancellationToken) is { } history)
        {
            _outbox.Post(history);
        }
    }

    private bool IsFlood()
    {
        var second = services.Time.GetTimestamp() / services.Time.TimestampFrequency;
        _framesInSecond = second == _second ? _framesInSecond + 1 : 1;
        _second = second;
        return _framesInSecond > services.Options.MaxFramesPerSecond;
    }
}
