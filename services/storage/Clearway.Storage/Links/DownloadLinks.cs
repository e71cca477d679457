using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Clearway.Storage.Recordings;
using Microsoft.Extensions.Options;

namespace Clearway.Storage.Links;

/// <summary>
/// Signs and checks download links: HMAC-SHA256 over tenant, recording id and expiry. Whoever holds a link may download that
/// one file until then, and nothing else.
/// </summary>
internal sealed class DownloadLinks(IOptions<LinkOptions> options, TimeProvider time)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.Key);
    private readonly TimeSpan _lifetime = options.Value.Lifetime;

    /// <summary>Path and query of a link that works from now for the configured lifetime.</summary>
    public string Sign(StoredRecording recording)
    {
        var expires = (time.GetUtcNow() + _lifetime).ToUnixTimeMilliseconds();
        var signature = Convert.ToHexStringLower(Signature(recording.Tenant, recording.Id, expires));
        return string.Create(CultureInfo.InvariantCulture, $"/api/v1/records/{recording.Id}/file?expires={expires}&signature={signature}");
    }

    /// <summary>Checks a link for a recording.</summary>
    /// <param name="tenant">The recording's tenant as stored; null when there is no such recording.</param>
    /// <param name="id">The recording.</param>
    /// <param name="expires">Milliseconds since 1970-01-01T00:00:00Z, as the link says.</param>
    /// <param name="signature">Hex, as the link says.</param>
    /// <returns>Null when the link is good. An unknown recording is refused like a forged link: guessing tells nothing.</returns>
    public Refusal? Check(TenantId? tenant, RecordingId id, long expires, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var isHex = signature.Length == 2 * HMACSHA256.HashSizeInBytes
            && Convert.FromHexString(signature, given, out _, out _) == System.Buffers.OperationStatus.Done;
        var isSigned = CryptographicOperations.FixedTimeEquals(given, Signature(tenant ?? default, id, expires));
        if (!isHex || !isSigned || tenant is null)
        {
            return Refusal.LinkRefused;
        }

        return expires <= time.GetUtcNow().ToUnixTimeMilliseconds() ? Refusal.LinkExpired : null;
    }

    // Each text is preceded by its length, so that no two different links share their bytes; the first text tells this use of the key
    // from any other.
    private byte[] Signature(TenantId tenant, RecordingId id, long expires)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Append(hmac, "clearway recording link v1");
        Append(hmac, tenant.Value ?? "");
        Append(hmac, id.Value);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, expires);
        hmac.AppendData(number);
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
