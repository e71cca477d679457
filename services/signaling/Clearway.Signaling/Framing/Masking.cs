using System.Numerics;
using System.Runtime.InteropServices;

namespace Clearway.Signaling.Framing;

/// <summary>A client's masking of its payloads (RFC 6455 section 5.3); applying it a second time takes it off.</summary>
internal static class Masking
{
    /// <summary>Changes <paramref name="payload"/>, which starts where the key starts.</summary>
    internal static void Apply(Span<byte> payload, uint key)
    {
        // A vector is a multiple of the key's four bytes: the key lies the same way in each.
        var keys = Vector.AsVectorByte(new Vector<uint>(key));
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(payload);
        foreach (ref var vector in vectors)
        {
            vector ^= keys;
        }

        var rest = payload[(vectors.Length * Vector<byte>.Count)..];
        var words = MemoryMarshal.Cast<byte, uint>(rest);
        foreach (ref var word in words)
        {
            word ^= key;
        }

        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        rest = rest[(words.Length * sizeof(uint))..];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] ^= bytes[i];
        }
    }
}
