using System.Text;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests.Framing;

/// <summary>What RFC 6455 forbids a client: each ends the connection with its code, and the gateway serves the others on.</summary>
public class ViolationTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private static readonly byte[] Chat = Encoding.UTF8.GetBytes("""{"type":"chat","text":"é👋"}""");

    /// <summary>Name, bytes after the join, close code.</summary>
    private static readonly Dictionary<string, (byte[] Bytes, int Status)> Crafted = Craft().ToDictionary(one => one.Name, one => (one.Bytes, one.Status));

    public static TheoryData<string> Names => [.. Crafted.Keys];

    [Fact]
    public void Violations_AreOverAHundred() => Assert.True(Crafted.Count >= 100, $"{Crafted.Count}");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Violation_EndsTheConnectionWithItsCode_AndNoOther(string name)
    {
        var (bytes, status) = Crafted[name];
        var room = "v" + Guid.NewGuid().ToString("N")[..11];
        await using var other = await shared.Gateway.JoinAsync(room, "Other");
        using var hostile = await RawSocket.JoinAsync(shared.Gateway.Address, room, "Hostile");

        try
        {
            await hostile.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // Closed before all of it was sent.
        }

        Assert.Equal(status, (await hostile.ExpectAsync(RawSocket.Close)).Status);
        await other.SayAsync("still served");
        await other.ExpectAsync("chat_broadcast");
    }

    private static IEnumerable<(string Name, byte[] Bytes, int Status)> Craft()
    {
        for (var bits = 1; bits < 8; bits++)
        {
            yield return ($"reserved bits {bits} on text", RawSocket.Frame(RawSocket.Text, Chat, reserved: bits), 1002);
            yield return ($"reserved bits {bits} on ping", RawSocket.Frame(RawSocket.Ping, "x"u8, reserved: bits), 1002);
            yield return ($"reserved bits {bits} on close", RawSocket.Frame(RawSocket.Close, [0x03, 0xE8], reserved: bits), 1002);
            yield return (
                $"reserved bits {bits} on continuation",
                [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(0, Chat.AsSpan(5), reserved: bits)],
                1002);
        }

        foreach (var opcode in (int[])[3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
        {
            yield return ($"reserved opcode {opcode}", RawSocket.Frame(opcode, ""u8), 1002);
            yield return ($"reserved opcode {opcode} in a message", [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(opcode, "x"u8)], 1002);
        }

        foreach (var (name, opcode) in (List<(string, int)>)[("text", RawSocket.Text), ("close", RawSocket.Close), ("ping", RawSocket.Ping), ("pong", RawSocket.Pong)])
        {
            yield return ($"unmasked {name}", RawSocket.Frame(opcode, [0x03, 0xE8], isMasked: false), 1002);
        }

        yield return ("unmasked continuation", [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(0, Chat.AsSpan(5), isMasked: false)], 1002);
        foreach (var (name, opcode) in (List<(string, int)>)[("close", RawSocket.Close), ("ping", RawSocket.Ping), ("pong", RawSocket.Pong)])
        {
            yield return ($"fragmented {name}", RawSocket.Frame(opcode, ""u8, isFinal: false), 1002);
            yield return ($"{name} of 126 bytes", RawSocket.Frame(opcode, new byte[126]), 1002);
            yield return ($"{name} of 65536 bytes", RawSocket.Frame(opcode, new byte[65536]), 1002);
            yield return ($"{name} of 5 bytes with a 16-bit length", RawSocket.Frame(opcode, new byte[5], form: 16), 1002);
        }

        foreach (var length in (int[])[0, 1, 125])
        {
            yield return ($"{length} bytes with a 16-bit length", RawSocket.Frame(RawSocket.Text, new byte[length], form: 16), 1002);
        }

        foreach (var length in (int[])[0, 125, 126, 65535])
        {
            yield return ($"{length} bytes with a 64-bit length", RawSocket.Frame(RawSocket.Text, new byte[length], form: 64), 1002);
        }

        yield return ("a length with the highest bit", [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4], 1002);
        yield return ("a length of 2^63 - 1", [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4], 1009);
        yield return ("a length of 4 GiB", [0x81, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4], 1009);
        yield return ("oversize by one byte, its header alone", [0x81, 0xFF, 0, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3, 4], 1009);
        yield return ("oversize by one byte", RawSocket.Frame(RawSocket.Text, new byte[65537]), 1009);
        yield return (
            "oversize by one byte in two fragments", [.. Part(RawSocket.Text, new byte[65536]), .. RawSocket.Frame(0, new byte[1])], 1009);
        yield return (
            "oversize by one byte in fragments of 32 KiB",
            [.. Part(RawSocket.Text, new byte[32768]), .. Part(0, new byte[32768]), .. RawSocket.Frame(0, "x"u8)],
            1009);

        yield return ("continuation without start", RawSocket.Frame(0, Chat), 1002);
        yield return ("continuation without start, not final", Part(0, Chat), 1002);
        yield return ("empty continuation without start", RawSocket.Frame(0, ""u8), 1002);
        yield return (
            "continuation after a whole message",
            [.. RawSocket.Frame(RawSocket.Text, Chat), .. RawSocket.Frame(0, Chat)],
            1002);
        yield return ("text inside a message", [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(RawSocket.Text, Chat)], 1002);
        yield return ("binary inside a message", [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(RawSocket.Binary, Chat)], 1002);
        yield return (
            "text inside a message after a ping",
            [.. Part(RawSocket.Text, Chat.AsSpan(0, 5)), .. RawSocket.Frame(RawSocket.Ping, "x"u8), .. Part(RawSocket.Text, Chat)],
            1002);
        yield return ("binary", RawSocket.Frame(RawSocket.Binary, Chat), 1003);
        yield return ("empty binary", RawSocket.Frame(RawSocket.Binary, ""u8), 1003);
        yield return ("fragmented binary", Part(RawSocket.Binary, Chat), 1003);

        foreach (var (name, bytes) in (List<(string, byte[])>)
            [
                ("a lone continuation byte", [0x80]), ("an overlong slash", [0xC0, 0xAF]), ("an overlong NUL", [0xC0, 0x80]),
                ("an overlong three-byte form", [0xE0, 0x80, 0xAF]), ("a surrogate", [0xED, 0xA0, 0x80]),
                ("beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80]), ("0xFE", [0xFE]), ("0xFF", [0xFF]), ("a cut two-byte form", [0xC3]),
                ("a cut three-byte form", [0xE2, 0x82]), ("a cut four-byte form", [0xF0, 0x9F, 0x91]),
                ("a five-byte form", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            ])
        {
            yield return ($"text with {name}", RawSocket.Frame(RawSocket.Text, [.. "{\"type\":\""u8, .. bytes]), 1007);
            yield return (
                $"fragments with {name}",
                [.. Part(RawSocket.Text, "{\"type\":\""u8), .. Part(0, bytes.AsSpan(0, 1)), .. RawSocket.Frame(0, bytes.AsSpan(1))],
                1007);
            yield return ($"close reason with {name}", RawSocket.Frame(RawSocket.Close, [0x03, 0xE8, .. bytes]), 1007);
        }

        yield return ("close of one byte", RawSocket.Frame(RawSocket.Close, [0x03]), 1002);
        foreach (var code in (int[])[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
        {
            yield return ($"close code {code}", RawSocket.Frame(RawSocket.Close, [(byte)(code >> 8), (byte)code]), 1002);
        }

        var flood = Enumerable.Range(0, 400).ToArray();
        yield return ("a flood of pings", [.. flood.SelectMany(_ => RawSocket.Frame(RawSocket.Ping, "x"u8))], 4106);
        yield return ("a flood of pongs", [.. flood.SelectMany(_ => RawSocket.Frame(RawSocket.Pong, "x"u8))], 4106);
        yield return ("a flood of empty fragments", [.. Part(RawSocket.Text, ""u8), .. flood.SelectMany(_ => Part(0, ""u8))], 4106);
        yield return ("a flood of one-byte fragments", [.. Part(RawSocket.Text, "{"u8), .. flood.SelectMany(_ => Part(0, " "u8))], 4106);
        yield return ("a flood of messages", [.. flood.SelectMany(_ => RawSocket.Frame(RawSocket.Text, "{\"type\":\"x\"}"u8))], 4106);
        yield return ("an empty message", RawSocket.Frame(RawSocket.Text, ""u8), 4100);
        yield return ("an empty message in fragments", [.. Part(RawSocket.Text, ""u8), .. RawSocket.Frame(0, ""u8)], 4100);
        yield return ("an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), 1002);
        yield return ("zeros", new byte[64], 1002);
    }

    private static byte[] Part(int opcode, ReadOnlySpan<byte> payload) => RawSocket.Frame(opcode, payload, isFinal: false);
}
