using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>What people type, made safe to show.</summary>
internal static class ChatText
{
    /// <summary>Longest message in text elements (Unicode grapheme clusters).</summary>
    internal const int MaxTextElements = 1_000;

    /// <summary>
    /// Longest message in bytes of UTF-8, for one text element has any number of characters that combine. In the frame a byte becomes
    /// 5.5 at most (beyond the Basic Multilingual Plane, 12 of JSON and 10 of HTML for 4), or 8 of the thousand that are alone: 184 KiB
    /// at most, which a connection's log holds.
    /// </summary>
    internal const int MaxBytes = 32 * 1024;

    private static readonly HtmlEncoder Html = HtmlEncoder.Create(PlainInHtml());

    private static readonly SearchValues<char> Stripped = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => char.IsControl(c) && c != '\n'),
        '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ]);

    /// <summary>
    /// Removes control characters except the line feed, and the characters that override or isolate the direction of text (Unicode
    /// Standard Annex 9), which make a line read other than it is. Zero-width characters stay: scripts and emoji need them.
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

    /// <summary>Why what is left of a text after <see cref="Strip"/> is no message; null when it is one.</summary>
    internal static Refusal? Refuse(string text) =>
        string.IsNullOrWhiteSpace(text) ? Refusal.ChatEmpty
        : text.Length > MaxTextElements && IsTooLong(text) ? Refusal.ChatTooLong
        : null;

    /// <summary>
    /// The text in HTML: safe as an element's content and as an attribute's value, quoted or not. Not meant for scripts, styles, event
    /// handlers and addresses, where no escaping makes foreign text safe.
    /// </summary>
    internal static string ToHtml(string text) => Html.Encode(text);

    private static bool IsTooLong(string text) =>
        Encoding.UTF8.GetByteCount(text) > MaxBytes || new StringInfo(text).LengthInTextElements > MaxTextElements;

    // Of ASCII only what means nothing anywhere in HTML stays as it is: white space, for one, ends an unquoted value.
    private static TextEncoderSettings PlainInHtml()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidRange(UnicodeRanges.BasicLatin);
        settings.AllowCharacters([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-_"]);
        return settings;
    }
}
