using System.Security.Cryptography;

namespace Clearway.Storage.Recordings;

/// <summary>
/// A block of a blob's list. Its name is sixteen random bytes, so that uploads that run side by side never overwrite each other's
/// blocks, and the SHA-256 of its bytes as they arrived: the committed list itself says what the bytes have to be.
/// </summary>
internal readonly record struct StoredBlock(string Name, long SizeBytes)
{
    private const int RandomBytes = 16;

    public ReadOnlySpan<byte> Sha256 => Convert.FromBase64String(Name).AsSpan(RandomBytes);

    public static StoredBlock Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> name = stackalloc byte[RandomBytes + SHA256.HashSizeInBytes];
        RandomNumberGenerator.Fill(name[..RandomBytes]);
        SHA256.HashData(bytes, name[RandomBytes..]);
        return new StoredBlock(Convert.ToBase64String(name), bytes.Length);
    }
}
