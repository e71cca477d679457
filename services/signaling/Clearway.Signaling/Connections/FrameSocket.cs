using System.Buffers;
using System.Net.WebSockets;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>What came over the connection: a frame, or the reason why nothing more comes (null when the other side is gone).</summary>
internal readonly record struct Received(ReadOnlyMemory<byte> Frame, bool IsFrame, CloseReason? Reason);

/// <summary>
/// Whole frames over a WebSocket (RFC 6455), and nothing else of it: the one place that knows which implementation frames the bytes.
/// UTF-8 is checked and pings are answered below it. One reader and one writer at a time.
/// </summary>
internal sealed class FrameSocket(WebSocket socket) : IDisposable
{
    /// <summary>Longest frame in bytes of UTF-8.</summary>
    internal const int MaxFrameBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _frame = new(4 * 1024);

    /// <summary>The next frame; its memory is valid until the next call.</summary>
    internal async ValueTask<Received> ReceiveAsync(CancellationToken cancellationToken)
    {
        _frame.ResetWrittenCount();
        try
        {
            while (true)
            {
                // One byte more than allowed tells a frame that is too large from one that fits exactly.
                var room = Math.Min(MaxFrameBytes + 1 - _frame.WrittenCount, 16 * 1024);
                var part = await socket.ReceiveAsync(_frame.GetMemory(room)[..room], cancellationToken);
                _frame.Advance(part.Count);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return default;
                }

                if (part.MessageType == WebSocketMessageType.Binary)
                {
                    return new Received(default, false, CloseReason.BinaryFrame);
                }

                if (_frame.WrittenCount > MaxFrameBytes)
                {
                    return new Received(default, false, CloseReason.FrameTooLarge);
                }

                if (part.EndOfMessage)
                {
                    return new Received(_frame.WrittenMemory, true, null);
                }
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return default;
        }
    }

    internal ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    /// <summary>Sends the close frame; the other side's is for the reader.</summary>
    internal Task CloseAsync(CloseReason reason) =>
        socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? socket.CloseOutputAsync((WebSocketCloseStatus)reason.Status, reason.Code, CancellationToken.None)
            : Task.CompletedTask;

    /// <summary>Reads without looking at it until the other side closes.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        var rest = new byte[4 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(rest.AsMemory(), cancellationToken)).MessageType != WebSocketMessageType.Close)
            {
                continue;
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // Gone is as good as closed.
        }
    }

    /// <summary>Whether an exception says that the connection is no more.</summary>
    internal static bool IsGone(Exception exception) =>
        exception is WebSocketException or OperationCanceledException or IOException
            or ObjectDisposedException or InvalidOperationException;

    internal void Abort() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
