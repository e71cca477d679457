using System.Globalization;
using System.Text;

namespace Clearway.Auth;

/// <summary>One line of text that a person typed and other people will read: nothing invisible that could deceive them.</summary>
internal static class PlainText
{
    /// <summary>A text element may be of any length, and a token may not: at most this many UTF-8 bytes each on average.</summary>
    private const int MaxBytesPerTextElement = 14;

    // Joiners inside emoji and in Persian and Indic words; marks that order right-to-left names without overriding anything.
    private static readonly int[] _permittedFormatCharacters = [0x200C, 0x200D, 0x200E, 0x200F, 0x061C];

    /// <summary>
    /// Trims and composes (NFC). False when nothing visible is left, when it is over <paramref name="maxTextElements"/>, and when
    /// it has control, line-breaking, bidirectional-override or other invisible format characters, or is not valid UTF-16.
    /// </summary>
    public static bool TryNormalize(string? text, int maxTextElements, out string normalized)
    {
        normalized = "";
        if (text is null || text.Length > maxTextElements * MaxBytesPerTextElement || !IsPermitted(text, out var visible) || !visible)
        {
            return false;
        }

        normalized = text.Trim().Normalize(NormalizationForm.FormC);
        return new StringInfo(normalized).LengthInTextElements <= maxTextElements
            && Encoding.UTF8.GetByteCount(normalized) <= maxTextElements * MaxBytesPerTextElement;
    }

    private static bool IsPermitted(string text, out bool visible)
    {
        visible = false;
        for (var index = 0; index < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, index, out var rune))
            {
                return false;
            }

            index += rune.Utf16SequenceLength;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                case UnicodeCategory.Format when !_permittedFormatCharacters.Contains(rune.Value):
                    return false;
                case UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.NonSpacingMark:
                    break;
                default:
                    visible = true;
                    break;
            }
        }

        return true;
    }
}
