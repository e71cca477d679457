using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Framing;

/// <summary>Who is handed what comes over a <see cref="FrameSocket"/>, one thing after the other.</summary>
internal interface IFrameReceiver
{
    /// <summary>So many bytes came; what they hold follows.</summary>
    void Heard(long bytes);

    /// <summary>A frame, whatever it is for, began. False refuses it and all that follow.</summary>
    bool MayTake();

    /// <summary>A whole text message, valid UTF-8. Its memory may be used until the task is completed.</summary>
    ValueTask TakeAsync(ReadOnlyMemory<byte> message);

    /// <summary>A ping, to be answered with its payload.</summary>
    void TakePing(ReadOnlySpan<byte> payload);

    /// <summary>A pong, asked for or not.</summary>
    void TakePong(ReadOnlySpan<byte> payload);

    /// <summary>The other side's close frame: nothing follows. The code is null when it gave none.</summary>
    void TakeClose(int? status);

    /// <summary>A rule was broken: nothing more is taken.</summary>
    void TakeViolation(CloseReason violation);
}

/// <summary>
/// A WebSocket (RFC 6455) after its handshake: the one seam behind which an implementation frames the bytes. Reading is one task's;
/// writing and flushing are guarded by who writes.
/// </summary>
internal abstract class FrameSocket
{
    /// <summary>Longest message in bytes of UTF-8.</summary>
    internal const int MaxFrameBytes = 64 * 1024;

    /// <summary>Whether pings and pongs go through <see cref="Write"/> and the receiver; false when what is below keeps the connection alive.</summary>
    internal abstract bool HasPings { get; }

    /// <summary>Cancelled when the connection is gone.</summary>
    internal abstract CancellationToken Gone { get; }

    /// <summary>Hands on what comes, in order, until nothing more can come. Does not throw when the other side is gone.</summary>
    internal abstract Task ReceiveAsync(IFrameReceiver receiver);

    /// <summary>Puts a whole frame behind those that wait for <see cref="FlushAsync"/>. Never waits.</summary>
    internal abstract void Write(Opcode opcode, scoped FrameBytes payload);

    /// <summary>
    /// Sends what was written. Incomplete as long as the other side does not keep up; nothing may be written until it is completed.
    /// Does not throw when the other side is gone.
    /// </summary>
    internal abstract ValueTask FlushAsync();

    /// <summary>Cuts the connection.</summary>
    internal abstract void Abort();

    /// <summary>Whether an exception says that the connection is no more.</summary>
    internal static bool IsGone(Exception exception) =>
        exception is System.Net.WebSockets.WebSocketException or OperationCanceledException or IOException
            or ObjectDisposedException or InvalidOperationException;
}
