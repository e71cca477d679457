namespace Clearway.Signaling.Framing;

/// <summary>What a frame is for (RFC 6455 section 5.2). Everything else is reserved.</summary>
internal enum Opcode
{
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}
