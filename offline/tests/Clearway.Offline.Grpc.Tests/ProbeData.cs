using System.Security.Cryptography;
using Clearway.Offline.Grpc.Tests.Protocol;
using Google.Protobuf;

namespace Clearway.Offline.Grpc.Tests;

/// <summary>Data that both sides can make for themselves, so that what arrives can be compared.</summary>
internal static class ProbeData
{
    public static Chunk Chunk(int number, int size)
    {
        var data = new byte[size];
        Array.Fill(data, (byte)(number % 251));
        return new Chunk { Data = UnsafeByteOperations.UnsafeWrap(data) };
    }

    /// <summary>SHA-256 over all chunks, lower-case hex.</summary>
    public static string Sha256(int count, int size)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var n = 0; n < count; n++)
        {
            hash.AppendData(Chunk(n, size).Data.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
