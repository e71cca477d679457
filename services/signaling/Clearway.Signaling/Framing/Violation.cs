using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Framing;

/// <summary>What RFC 6455 forbids a client, each with the section that does and the close code that follows.</summary>
internal static class Violation
{
    internal static readonly CloseReason ReservedBits = ProtocolError("a reserved bit is set"); // 5.2
    internal static readonly CloseReason ReservedOpcode = ProtocolError("the opcode is reserved"); // 5.2
    internal static readonly CloseReason Unmasked = ProtocolError("a client's frame is not masked"); // 5.1
    internal static readonly CloseReason LongLength = ProtocolError("the length is not in its shortest form"); // 5.2
    internal static readonly CloseReason LargeLength = ProtocolError("the length has its highest bit set"); // 5.2
    internal static readonly CloseReason ControlFragment = ProtocolError("a control frame is fragmented"); // 5.5
    internal static readonly CloseReason ControlTooLong = ProtocolError("a control frame has over 125 bytes"); // 5.5
    internal static readonly CloseReason NothingToContinue = ProtocolError("a continuation continues nothing"); // 5.4
    internal static readonly CloseReason Interleaved = ProtocolError("a message begins inside another"); // 5.4
    internal static readonly CloseReason ClosePayload = ProtocolError("a close frame has one byte"); // 5.5.1
    internal static readonly CloseReason CloseCode = ProtocolError("the close code may not be sent"); // 7.4

    private static CloseReason ProtocolError(string message) => new(1002, "protocol_error", message);
}
