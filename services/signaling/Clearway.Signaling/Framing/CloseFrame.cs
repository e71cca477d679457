using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Framing;

/// <summary>The payload of a close frame (RFC 6455 sections 5.5.1 and 7.4).</summary>
internal static class CloseFrame
{
    /// <summary>Reads a client's close frame.</summary>
    /// <returns>The rule that it breaks, or null.</returns>
    internal static CloseReason? Read(ReadOnlySpan<byte> payload, out int? status)
    {
        status = payload.Length < 2 ? null : BinaryPrimitives.ReadUInt16BigEndian(payload);
        return payload.Length == 1 ? Violation.ClosePayload
            : status is { } code && !MaySend(code) ? Violation.CloseCode
            : payload.Length > 2 && !Utf8.IsValid(payload[2..]) ? CloseReason.InvalidUtf8
            : null;
    }

    /// <summary>Writes code and reason; returns the length.</summary>
    internal static int Write(Span<byte> to, int status, string reason)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)status);
        return 2 + Encoding.UTF8.GetBytes(reason, to[2..]);
    }

    // Section 7.4.1 and the registry of section 11.7 up to 1014; section 7.4.2 for libraries and applications.
    private static bool MaySend(int code) => code is >= 1000 and <= 1003 or >= 1007 and <= 1014 or >= 3000 and <= 4999;
}
