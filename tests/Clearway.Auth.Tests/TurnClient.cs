using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Clearway.Auth.Tests;

/// <summary>
/// Asks a TURN server on this machine for a relay, and for permission to reach peers over it (RFC 8656 sections 7 and 9), with long-term
/// credentials (RFC 8489 section 9.2). It sends nothing to the peers.
/// </summary>
internal sealed class TurnClient : IDisposable
{
    /// <summary>The peer's address is not allowed (RFC 8656 section 19).</summary>
    public const int Forbidden = 403;

    /// <summary>The user has as many relays as are allowed (RFC 8656 section 19).</summary>
    public const int QuotaReached = 486;

    private const int Allocate = 0x0003;
    private const int CreatePermission = 0x0008;
    private const int SuccessBit = 0x0100;
    private const int Username = 0x0006;
    private const int MessageIntegrity = 0x0008;
    private const int ErrorCode = 0x0009;
    private const int XorPeerAddress = 0x0012;
    private const int Realm = 0x0014;
    private const int Nonce = 0x0015;
    private const int RequestedAddressFamily = 0x0017;
    private const int RequestedTransport = 0x0019;
    private const uint MagicCookie = 0x2112A442;
    private const int HeaderBytes = 20;
    private const byte IPv4 = 1;
    private const byte IPv6 = 2;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // Protocol number of UDP, and three reserved bytes.
    private static readonly byte[] _udp = [17, 0, 0, 0];

    private readonly UdpClient _socket = new();
    private readonly string _username;
    private readonly string _password;
    private byte[] _realm = [];
    private byte[] _nonce = [];

    public TurnClient(int port, string username, string password)
    {
        _username = username;
        _password = password;
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Asks for a relay.</summary>
    /// <returns>Zero, or the code of the server's refusal.</returns>
    public async Task<int> AllocateAsync(AddressFamily family = AddressFamily.InterNetwork)
    {
        byte[] relayed = [family == AddressFamily.InterNetworkV6 ? IPv6 : IPv4, 0, 0, 0];
        var challenge = await ExchangeAsync(_socket, Message(Allocate, (RequestedTransport, _udp), (RequestedAddressFamily, relayed)));
        (_realm, _nonce) = (Attribute(challenge, Realm), Attribute(challenge, Nonce));
        return await AskAsync(Allocate, Message(
            Allocate,
            (RequestedTransport, _udp),
            (RequestedAddressFamily, relayed),
            (Username, Encoding.UTF8.GetBytes(_username)),
            (Realm, _realm),
            (Nonce, _nonce)));
    }

    /// <summary>Asks to be let through to a peer.</summary>
    /// <returns>Zero, or the code of the server's refusal.</returns>
    public async Task<int> PermitAsync(IPAddress peer)
    {
        var family = peer.AddressFamily == AddressFamily.InterNetworkV6 ? IPv6 : IPv4;
        var message = Message(
            CreatePermission,
            (XorPeerAddress, [0, family, 0, 0, .. peer.GetAddressBytes()]),
            (Username, Encoding.UTF8.GetBytes(_username)),
            (Realm, _realm),
            (Nonce, _nonce));

        // Port and address are combined with the magic cookie and the transaction's id (RFC 8489 section 14.2).
        var address = message.AsSpan(HeaderBytes + 4);
        for (var i = 2; i < 4 + peer.GetAddressBytes().Length; i++)
        {
            address[i] ^= message[4 + (i < 4 ? i - 2 : i - 4)];
        }

        return await AskAsync(CreatePermission, message);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> AskAsync(int method, byte[] message)
    {
        var answer = await ExchangeAsync(_socket, WithIntegrity(message, _username, _realm, _password));
        if (BinaryPrimitives.ReadUInt16BigEndian(answer) == (method | SuccessBit))
        {
            return 0;
        }

        var error = Attribute(answer, ErrorCode);
        return (error[2] * 100) + error[3];
    }

    private static async Task<byte[]> ExchangeAsync(UdpClient socket, byte[] message)
    {
        using var timeout = new CancellationTokenSource(_patience);
        await socket.SendAsync(message, timeout.Token);
        return (await socket.ReceiveAsync(timeout.Token)).Buffer;
    }

    private static byte[] Message(int method, params (int Type, byte[] Value)[] attributes)
    {
        var message = new List<byte>(new byte[HeaderBytes]);
        foreach (var (type, value) in attributes)
        {
            Append(message, type, value);
        }

        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)method);
        WriteLength(bytes, bytes.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), MagicCookie);
        RandomNumberGenerator.Fill(bytes.AsSpan(8, 12));
        return bytes;
    }

    private static byte[] WithIntegrity(byte[] message, string username, byte[] realm, string password)
    {
        const int integrityBytes = 24;
#pragma warning disable CA5350, CA5351 // RFC 8489 fixes both.
        var key = MD5.HashData([.. Encoding.UTF8.GetBytes(username + ":"), .. realm, .. Encoding.UTF8.GetBytes(":" + password)]);
        WriteLength(message, message.Length - HeaderBytes + integrityBytes);
        var whole = new List<byte>(message);
        Append(whole, MessageIntegrity, HMACSHA1.HashData(key, message));
#pragma warning restore CA5350, CA5351
        return [.. whole];
    }

    private static void Append(List<byte> message, int type, byte[] value)
    {
        message.AddRange([(byte)(type >> 8), (byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value]);
        message.AddRange(new byte[(4 - (value.Length % 4)) % 4]);
    }

    private static void WriteLength(byte[] message, int length) => BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)length);

    private static byte[] Attribute(byte[] message, int type)
    {
        for (var at = HeaderBytes; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == type)
            {
                return message[(at + 4)..(at + 4 + length)];
            }

            at += 4 + ((length + 3) / 4 * 4);
        }

        throw new InvalidDataException($"The server's message has no attribute {type:x4}.");
    }
}
