using System.Buffers;
using System.Net.WebSockets;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Framing;

/// <summary>
/// The platform's WebSocket, for HTTP/2 (RFC 8441), where the transport is not the WebSocket's alone. It answers and sends pings itself,
/// so nothing is acknowledged by pongs.
/// </summary>
internal sealed class ManagedFrameSocket(WebSocket socket, CancellationToken gone) : FrameSocket
{
    private readonly Queue<(Opcode Opcode, byte[] Payload)> _written = new();
    private Task _flushing = Task.CompletedTask;

    internal override bool HasPings => false;

    internal override CancellationToken Gone => gone;

    internal override async Task ReceiveAsync(IFrameReceiver receiver)
    {
        var message = new ArrayBufferWriter<byte>(4 * 1024);
        try
        {
            var hasFailed = false;
            while (true)
            {
                // One byte more than allowed tells a frame that is too large from one that fits exactly.
                var part = await socket.ReceiveAsync(
                    message.GetMemory(Math.Min(MaxFrameBytes + 1 - message.WrittenCount, 16 * 1024)), gone);
                message.Advance(part.Count);
                receiver.Heard(part.Count);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    receiver.TakeClose((int?)socket.CloseStatus);
                    return;
                }

                if (!hasFailed)
                {
                    hasFailed = !await TakeAsync(receiver, part, message.WrittenMemory);
                }

                if (hasFailed || part.EndOfMessage)
                {
                    message.ResetWrittenCount();
                }
            }
        }
        catch (WebSocketException exception) when (exception.WebSocketErrorCode == WebSocketError.Faulted
            || socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            receiver.TakeViolation(CloseReason.InvalidUtf8);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // Gone is as good as closed.
        }
    }

    internal override void Write(Opcode opcode, scoped FrameBytes payload) => _written.Enqueue((opcode, payload.ToArray()));

    internal override ValueTask FlushAsync()
    {
        _flushing = SendAsync();
        return new ValueTask(_flushing);
    }

    /// <summary>
    /// Waits, at most so long, until what was written has left, and answers a close that came meanwhile: with the request the stream
    /// ends, whatever is under way.
    /// </summary>
    internal async Task FinishAsync(TimeSpan longest, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(longest, time);
        await _flushing.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (socket.State == WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(socket.CloseStatus ?? WebSocketCloseStatus.Empty, null, patience.Token);
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // Gone is as good as closed.
        }
    }

    internal override void Abort() => socket.Abort();

    private async Task SendAsync()
    {
        try
        {
            // What is written after the socket closed itself, for a violation, has nowhere to go; aborting would take its close frame back.
            while (_written.TryDequeue(out var frame) && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                if (frame.Opcode == Opcode.Text)
                {
                    await socket.SendAsync(frame.Payload.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, gone);
                }
                else if (frame.Opcode == Opcode.Close)
                {
                    CloseFrame.Read(frame.Payload, out var status);
                    await socket.CloseOutputAsync(
                        (WebSocketCloseStatus)(status ?? 1000),
                        frame.Payload.Length > 2 ? System.Text.Encoding.UTF8.GetString(frame.Payload.AsSpan(2)) : null,
                        gone);
                }
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The reader finds out as well.
            socket.Abort();
        }
    }

    // False when nothing more may be taken.
    private static async ValueTask<bool> TakeAsync(IFrameReceiver receiver, ValueWebSocketReceiveResult part, ReadOnlyMemory<byte> message)
    {
        var violation = part.MessageType == WebSocketMessageType.Binary ? CloseReason.BinaryFrame
            : message.Length > MaxFrameBytes ? CloseReason.FrameTooLarge
            : null;
        if (violation is not null)
        {
            receiver.TakeViolation(violation);
            return false;
        }

        if (!receiver.MayTake())
        {
            return false;
        }

        if (part.EndOfMessage)
        {
            await receiver.TakeAsync(message);
        }

        return true;
    }
}
