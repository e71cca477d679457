using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Clearway.Signaling.Rooms;

/// <summary>What people type, made safe to show.</summary>
internal static class ChatText
{
    /// <summary>Longest message in text elements (Unicode grapheme clusters).</summary>
    internal const int MaxTextElements = 1_000;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly SearchValues<char> Stripped = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => char.IsControl(c) && c != '\n'),
        '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>
    /// Removes control characters except the line feed, and the characters that override or isolate the direction of text (Unicode
    /// Standard Annex 9), which make a line read other than it is.
    /// </summary>
    internal static string Strip(string text)
    {
        if (!text.AsSpan().ContainsAny(Stripped))
        {
            return text;
        }

        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!Stripped.Contains(character))
            {
                kept.Append(character);
            }
        }

        return kept.ToString();
    }

    internal static bool IsTooLong(string text) =>
        text.Length > MaxTextElements && new StringInfo(text).LengthInTextElements > MaxTextElements;

    /// <summary>Safe as an element's content and inside a quoted attribute.</summary>
    internal static string ToHtml(string text) => Html.Encode(text);
}
