using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using Clearway.Signaling.Protocol;
using Microsoft.AspNetCore.Connections.Features;

namespace Clearway.Signaling.Framing;

/// <summary>
/// RFC 6455 straight on the connection's transport pipe, for HTTP/1.1: no copy between the transport's memory and who reads or writes
/// a frame, and one flush for however many frames were written. Its conformance is tabled in docs/rfc6455.md.
/// </summary>
internal sealed class TransportFrameSocket(IDuplexPipe transport, IConnectionLifetimeFeature connection) : FrameSocket
{
    private readonly PipeReader _input = transport.Input;
    private readonly PipeWriter _output = transport.Output;
    private byte[]? _message;
    private int _messageBytes;
    private bool _isInMessage;

    private enum Step
    {
        Incomplete,
        Passed,
        Message,
        Closed,
        Failed,
    }

    internal override bool HasPings => true;

    internal override CancellationToken Gone => connection.ConnectionClosed;

    internal override async Task ReceiveAsync(IFrameReceiver receiver)
    {
        var step = Step.Incomplete;
        var left = 0L;
        try
        {
            while (step != Step.Closed)
            {
                var read = await _input.ReadAsync();
                var buffer = read.Buffer;
                receiver.Heard(buffer.Length - left);
                if (step == Step.Failed)
                {
                    // Read and forget: cutting now could overtake the close frame.
                    buffer = buffer.Slice(buffer.End);
                }

                FlushQueue.BeginBatch();
                try
                {
                    while (step != Step.Failed && (step = Read(ref buffer, receiver, out var message)) is not (Step.Incomplete or Step.Closed))
                    {
                        if (step != Step.Message)
                        {
                            continue;
                        }

                        var taking = receiver.TakeAsync(message);
                        if (!taking.IsCompleted)
                        {
                            FlushQueue.EndBatch();
                            await taking;
                            FlushQueue.BeginBatch();
                        }
                        else
                        {
                            taking.GetAwaiter().GetResult();
                        }

                        Release();
                    }
                }
                finally
                {
                    FlushQueue.EndBatch();
                }

                left = step == Step.Failed ? 0 : buffer.Length;
                _input.AdvanceTo(step == Step.Failed ? buffer.End : buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The connection was reset or cut.
        }
        finally
        {
            Release();
        }
    }

    internal override void Write(Opcode opcode, scoped FrameBytes payload)
    {
        var length = payload.Length;
        var whole = FrameHeader.MaxBytes + length;
        var span = _output.GetSpan(Math.Min(whole, TransportMemory.BlockBytes));
        var header = FrameHeader.Write(span, opcode, length);
        if (span.Length >= whole)
        {
            payload.CopyTo(span[header..]);
            _output.Advance(header + length);
            return;
        }

        _output.Advance(header);
        for (var i = 0; i < FrameBytes.Pieces; i++)
        {
            _output.Write(payload[i]);
        }
    }

    internal override ValueTask FlushAsync()
    {
        var flush = _output.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            return Await(flush);
        }

        flush.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;

        static async ValueTask Await(ValueTask<FlushResult> flush)
        {
            try
            {
                await flush;
            }
            catch (Exception exception) when (IsGone(exception))
            {
                // The reader finds out as well.
            }
        }
    }

    internal override void Abort() => connection.Abort();

    // Takes one frame off the buffer.
    private Step Read(ref ReadOnlySequence<byte> buffer, IFrameReceiver receiver, out ReadOnlyMemory<byte> message)
    {
        message = default;
        Span<byte> copied = stackalloc byte[FrameHeader.MaxBytes];
        scoped var start = buffer.FirstSpan;
        if (start.Length < FrameHeader.MaxBytes && start.Length < buffer.Length)
        {
            var there = buffer.Slice(0, Math.Min(buffer.Length, FrameHeader.MaxBytes));
            there.CopyTo(copied);
            start = copied[..(int)there.Length];
        }

        if (!FrameHeader.TryRead(start, MaxFrameBytes, out var header, out var violation))
        {
            return violation is null ? Step.Incomplete : Fail(receiver, violation);
        }

        violation = header.IsControl || header.Opcode == Opcode.Continuation == _isInMessage ? null
            : _isInMessage ? Violation.Interleaved
            : Violation.NothingToContinue;
        violation ??= header.Opcode == Opcode.Binary ? CloseReason.BinaryFrame
            : !header.IsControl && _messageBytes + header.PayloadBytes > MaxFrameBytes ? CloseReason.FrameTooLarge
            : null;
        if (violation is not null)
        {
            return Fail(receiver, violation);
        }

        if (buffer.Length < header.Bytes + header.PayloadBytes)
        {
            return Step.Incomplete;
        }

        if (!receiver.MayTake())
        {
            return Step.Failed;
        }

        var payload = buffer.Slice(header.Bytes, header.PayloadBytes);
        buffer = buffer.Slice(payload.End);
        if (header.IsControl)
        {
            Span<byte> control = stackalloc byte[FrameHeader.MaxControlBytes];
            control = control[..header.PayloadBytes];
            payload.CopyTo(control);
            Masking.Apply(control, header.Mask);
            return TakeControl(header.Opcode, control, receiver);
        }

        return Append(payload, header, out message) ? Step.Message
            : _isInMessage ? Step.Passed
            : Fail(receiver, CloseReason.InvalidUtf8);
    }

    // Adds a fragment to its message. True with the message when that is whole and valid; when it is whole and not valid, it is no more.
    private bool Append(ReadOnlySequence<byte> payload, FrameHeader header, out ReadOnlyMemory<byte> message)
    {
        if (header.IsFinal && !_isInMessage && payload.IsSingleSegment)
        {
            // The transport wrote these bytes for this reader alone, and they are given back together: the mask is taken off in place.
            var memory = MemoryMarshal.AsMemory(payload.First);
            Masking.Apply(memory.Span, header.Mask);
            message = memory;
            return Utf8.IsValid(memory.Span);
        }

        Reserve(_messageBytes + header.PayloadBytes);
        var part = _message.AsSpan(_messageBytes, header.PayloadBytes);
        payload.CopyTo(part);
        Masking.Apply(part, header.Mask);
        _messageBytes += part.Length;
        _isInMessage = !header.IsFinal;
        message = _message.AsMemory(0, _messageBytes);
        return header.IsFinal && Utf8.IsValid(message.Span);
    }

    private void Reserve(int bytes)
    {
        if (_message is not null && _message.Length >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, 4 * 1024));
        _message.AsSpan(0, _messageBytes).CopyTo(larger);
        if (_message is not null)
        {
            ArrayPool<byte>.Shared.Return(_message);
        }

        _message = larger;
    }

    private void Release()
    {
        if (_message is { } message)
        {
            _message = null;
            ArrayPool<byte>.Shared.Return(message);
        }

        _messageBytes = 0;
        _isInMessage = false;
    }

    private static Step TakeControl(Opcode opcode, ReadOnlySpan<byte> payload, IFrameReceiver receiver)
    {
        switch (opcode)
        {
            case Opcode.Ping:
                receiver.TakePing(payload);
                return Step.Passed;
            case Opcode.Pong:
                receiver.TakePong(payload);
                return Step.Passed;
            default:
                if (CloseFrame.Read(payload, out var status) is { } violation)
                {
                    return Fail(receiver, violation);
                }

                receiver.TakeClose(status);
                return Step.Closed;
        }
    }

    private static Step Fail(IFrameReceiver receiver, CloseReason violation)
    {
        receiver.TakeViolation(violation);
        return Step.Failed;
    }
}
