using System.Buffers.Text;

namespace Clearway.Auth.Tokens;

/// <summary>
/// base64url of RFC 7515 section 2 with exactly one spelling for each value: no padding, no white space, no other alphabet, and
/// unused bits zero. The platform's decoder is lenient on the first two.
/// </summary>
internal static class StrictBase64Url
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static readonly System.Buffers.SearchValues<char> _alphabet = System.Buffers.SearchValues.Create(Alphabet);

    /// <summary>False when <paramref name="text"/> is empty or not of that one spelling.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(_alphabet) || HasUnusedBits(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static bool HasUnusedBits(ReadOnlySpan<char> text)
    {
        var unused = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (Alphabet.IndexOf(text[^1], StringComparison.Ordinal) & unused) != 0;
    }
}
