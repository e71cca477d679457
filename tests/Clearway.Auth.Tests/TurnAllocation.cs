using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Clearway.Auth.Tests;

/// <summary>Asks a TURN server on this machine for a relay (RFC 8656 section 7) with long-term credentials (RFC 8489 section 9.2).</summary>
internal static class TurnAllocation
{
    /// <summary>Type of the success response to Allocate.</summary>
    public const int Success = 0x0103;

    /// <summary>Type of the error response to Allocate.</summary>
    public const int Error = 0x0113;

    private const int Request = 0x0003;
    private const int Username = 0x0006;
    private const int MessageIntegrity = 0x0008;
    private const int Realm = 0x0014;
    private const int Nonce = 0x0015;
    private const int RequestedTransport = 0x0019;
    private const uint MagicCookie = 0x2112A442;
    private const int HeaderBytes = 20;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // Protocol number of UDP, and three reserved bytes.
    private static readonly byte[] _udp = [17, 0, 0, 0];

    /// <summary>Answers the type of the server's last response.</summary>
    public static async Task<int> TryAsync(int port, string username, string password)
    {
        using var socket = new UdpClient();
        socket.Connect(IPAddress.Loopback, port);
        var challenge = await ExchangeAsync(socket, Message((RequestedTransport, _udp)));
        var realm = Attribute(challenge, Realm);
        var message = Message(
            (RequestedTransport, _udp), (Username, Encoding.UTF8.GetBytes(username)), (Realm, realm), (Nonce, Attribute(challenge, Nonce)));
        return BinaryPrimitives.ReadUInt16BigEndian(await ExchangeAsync(socket, WithIntegrity(message, username, realm, password)));
    }

    private static async Task<byte[]> ExchangeAsync(UdpClient socket, byte[] message)
    {
        using var timeout = new CancellationTokenSource(_patience);
        await socket.SendAsync(message, timeout.Token);
        return (await socket.ReceiveAsync(timeout.Token)).Buffer;
    }

    private static byte[] Message(params (int Type, byte[] Value)[] attributes)
    {
        var message = new List<byte>(new byte[HeaderBytes]);
        foreach (var (type, value) in attributes)
        {
            Append(message, type, value);
        }

        var bytes = message.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Request);
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
