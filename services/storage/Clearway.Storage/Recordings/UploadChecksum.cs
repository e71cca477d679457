using System.Security.Cryptography;
using Clearway.Storage.V1;

namespace Clearway.Storage.Recordings;

/// <summary>The digest that an upload announced for its bytes, and the one they turn out to have (tus 1.0, extension checksum).</summary>
internal sealed class UploadChecksum : IDisposable
{
    private readonly IncrementalHash _hash;
    private readonly byte[] _expected;

    private UploadChecksum(HashAlgorithmName algorithm, byte[] expected)
    {
        _hash = IncrementalHash.CreateHash(algorithm);
        _expected = expected;
    }

    /// <summary>Whether a header's algorithm is known; one that announces no checksum is good too, and has none.</summary>
    public static bool TryCreate(UploadHeader header, out UploadChecksum? checksum)
    {
        HashAlgorithmName? algorithm = header.ChecksumAlgorithm switch
        {
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            _ => null,
        };
        checksum = algorithm is { } known ? new UploadChecksum(known, header.Checksum.ToByteArray()) : null;
        return checksum is not null || header.ChecksumAlgorithm.Length == 0;
    }

    public void Append(ReadOnlySpan<byte> bytes) => _hash.AppendData(bytes);

    public bool IsMatch() => CryptographicOperations.FixedTimeEquals(_hash.GetHashAndReset(), _expected);

    public void Dispose() => _hash.Dispose();
}
