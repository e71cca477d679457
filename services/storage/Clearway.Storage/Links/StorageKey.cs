using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Links;

/// <summary>
/// The service's HMAC-SHA256 key. Each use names its purpose, which is part of what is signed: no signature made for one purpose passes
/// for another.
/// </summary>
internal sealed class StorageKey(IOptions<LinkOptions> options)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.Key);

    /// <summary>Signs texts; the signature is in lower-case hex.</summary>
    public string Sign(string purpose, params ReadOnlySpan<string> texts) => Convert.ToHexStringLower(Compute(purpose, texts));

    /// <summary>Compares in constant time; anything but the hex of an HMAC-SHA256 is no match.</summary>
    public bool Verify(string signature, string purpose, params ReadOnlySpan<string> texts)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isHex = signature.Length == 2 * HMACSHA256.HashSizeInBytes
            && Convert.FromHexString(signature, given, out _, out _) == OperationStatus.Done;
        return CryptographicOperations.FixedTimeEquals(given, Compute(purpose, texts)) && isHex;
    }

    // Each text is preceded by its length, so that no two different lists share their bytes.
    private byte[] Compute(string purpose, ReadOnlySpan<string> texts)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Append(hmac, purpose);
        foreach (var text in texts)
        {
            Append(hmac, text);
        }

        return hmac.GetHashAndReset();
    }

    private static void Append(IncrementalHash hmac, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hmac.AppendData(length);
        hmac.AppendData(bytes);
    }
}
