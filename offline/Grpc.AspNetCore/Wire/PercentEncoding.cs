using System.Text;

namespace Grpc.Wire;

/// <summary>The form of <c>grpc-message</c>: UTF-8, with all but printable ASCII as %XX.</summary>
internal static class PercentEncoding
{
    public static string Encode(string text)
    {
        if (text.All(IsPlain))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            _ = IsPlain((char)unit) ? encoded.Append((char)unit) : encoded.Append('%').Append(unit.ToString("X2", null));
        }

        return encoded.ToString();
    }

    /// <summary>What is not valid encoding stays as it is, as the protocol asks.</summary>
    public static string Decode(string encoded) => Uri.UnescapeDataString(encoded);

    private static bool IsPlain(char c) => c is >= ' ' and <= '~' and not '%';
}
