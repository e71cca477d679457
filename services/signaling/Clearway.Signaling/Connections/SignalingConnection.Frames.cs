using System.Diagnostics;
using Clearway.Signaling.Framing;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Connections;

/// <summary>What a client says, from its frame to whom it concerns.</summary>
internal sealed partial class SignalingConnection
{
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

        if (_seat is { } seated)
        {
            if (frame.Message is ClientMessage.MediaState or ClientMessage.RaiseHand)
            {
                // Before it counts as taken: a newer connection that comes meanwhile brings it again.
                await seated.Session.Rates.Presence.TakeAsync();
            }

            if (IsCounted(frame.Type) && !seated.Session.TryTake())
            {
                return;
            }
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

        Begin(joining, join.LacksHistory);
    }

    // The reader goes on meanwhile: it answers pings, and notices when the connection is gone.
    private async Task WaitAsync(Waiting waiting) =>
        Begin(await _services.Membership.WaitAsync(waiting, TakeSeat, _socket.Gone), lacksHistory: false);

    private void TakeSeat(Seat seat) => _seat = seat;

    private void Begin(Joining joining, bool lacksHistory)
    {
        if (joining.Refused is { } refused)
        {
            _outbox.Close(refused);
        }
        else if (joining.Seat is { } seat && (lacksHistory || !seat.IsResumed || !seat.Session.IsComplete))
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
