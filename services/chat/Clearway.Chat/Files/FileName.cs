using System.Globalization;
using System.Text;

namespace Clearway.Chat.Files;

/// <summary>What is left of a name that somebody gave to a file, safe in a header, on a disk and before people's eyes.</summary>
internal static class FileName
{
    /// <summary>Most characters (UTF-16 code units).</summary>
    public const int Longest = 120;

    /// <summary>Most that is looked at.</summary>
    public const int LongestGiven = 1024;

    private const string Nameless = "file";
    private const string Reserved = "<>:\"|?*%;";

    /// <summary>
    /// The last segment of a path without control, format (direction marks among them), private and reserved characters, without dots and
    /// spaces at its ends, shortened before its extension.
    /// </summary>
    public static string Clean(string given)
    {
        var segment = given[(given.LastIndexOfAny(['/', '\\']) + 1)..];
        var name = new StringBuilder();
        foreach (var rune in segment.EnumerateRunes())
        {
            if (IsKept(rune))
            {
                name.Append(rune.ToString());
            }
        }

        var clean = name.ToString().Trim(' ', '.');
        if (clean.Length > Longest)
        {
            var extension = Path.GetExtension(clean) is { Length: <= 16 } short16 ? short16 : "";
            clean = Shorten(clean, Longest - extension.Length) + extension;
        }

        return clean.Length == 0 ? Nameless : clean;
    }

    private static bool IsKept(Rune rune) =>
        !Reserved.Contains(rune.ToString(), StringComparison.Ordinal)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // Not between the halves of a surrogate pair.
    private static string Shorten(string name, int length) => name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)];
}
