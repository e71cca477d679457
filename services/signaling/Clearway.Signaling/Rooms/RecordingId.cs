using System.Security.Cryptography;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// Recording ids: 26 characters of Crockford's base 32 in lower case, 48 bits of Unix milliseconds and 80 random bits, so that ids sort by
/// time and cannot be guessed.
/// </summary>
internal static class RecordingId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    internal static string Create(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        var bits = (UInt128)(ulong)now.ToUnixTimeMilliseconds() << 80;
        for (var i = 0; i < random.Length; i++)
        {
            bits |= (UInt128)random[i] << (8 * i);
        }

        return string.Create(26, bits, static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, bits >>= 5)
            {
                text[i] = Alphabet[(int)(bits & 31)];
            }
        });
    }
}
