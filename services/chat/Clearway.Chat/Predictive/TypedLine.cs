namespace Clearway.Chat.Predictive;

/// <summary>What a line ends with.</summary>
internal enum Typing
{
    /// <summary>Letters of a word.</summary>
    Word,

    /// <summary>Digits that may be a word on a telephone's keypad.</summary>
    Digits,

    /// <summary>A space behind a word: the next one has not begun.</summary>
    Nothing,
}

/// <summary>The end of a line, where words are suggested.</summary>
/// <param name="Typing">What is there.</param>
/// <param name="Key">The word as look-ups want it, see <see cref="Letters.Fold(char)"/>, or the digits; empty for nothing.</param>
/// <param name="Length">How many UTF-16 code units of the line it is.</param>
/// <param name="Script">The word's alphabet.</param>
/// <param name="Casing">How it is capitalised.</param>
/// <param name="Before">Key of the word before it; <see cref="WordFollowers.SentenceStart"/> where none is; null where that is not known.</param>
/// <param name="Context">The alphabet of the letters before it.</param>
internal readonly record struct TypedLine(Typing Typing, string Key, int Length, Script Script, Casing Casing, string? Before, Script Context)
{
    private const int FewestDigits = 2;

    /// <summary>Signs that glue a word to what stands before it: part of an address, a path or a name, and not a word of a language.</summary>
    private const string Glue = "@#/\\_.:=&~+%$0123456789";

    private const string SentenceEnds = ".!?…\r\n";

    /// <summary>Reads the end of a line.</summary>
    /// <param name="line">The line up to the caret; anything.</param>
    /// <returns>Null where there is nothing to suggest: mixed alphabets, another alphabet, a part of an address, a sign.</returns>
    public static TypedLine? EndOf(ReadOnlySpan<char> line)
    {
        var start = StartOfWord(line);
        if (start == line.Length)
        {
            return DigitsAtEndOf(line) ?? NothingAtEndOf(line);
        }

        var word = line[start..];
        var script = Scripts.Of(word);
        if (script == Script.None || word.Length > Letters.LongestWord || (start > 0 && Glue.Contains(line[start - 1], StringComparison.Ordinal))
            || Letters.KeyOf(word) is not { } key)
        {
            return null;
        }

        return new TypedLine(Typing.Word, key, word.Length, script, CasedSpelling.Of(word), WordBefore(line[..start]), Scripts.OfLastLetter(line[..start]));
    }

    private static int StartOfWord(ReadOnlySpan<char> line)
    {
        var start = line.Length;
        while (start > 0 && (char.IsLetter(line[start - 1]) || Letters.IsJoiner(line[start - 1]) || Letters.IsMark(line[start - 1])))
        {
            start--;
        }

        while (start < line.Length && Letters.IsJoiner(line[start]))
        {
            start++;
        }

        return start;
    }

    private static TypedLine? DigitsAtEndOf(ReadOnlySpan<char> line)
    {
        var start = line.Length;
        while (start > 0 && Keypad.HasLetters(line[start - 1]))
        {
            start--;
        }

        var digits = line[start..];
        return digits.Length is >= FewestDigits and <= Letters.LongestWord && (start == 0 || char.IsWhiteSpace(line[start - 1]))
            ? new TypedLine(Typing.Digits, digits.ToString(), digits.Length, Script.None, Casing.AsSpelt, WordBefore(line[..start]), Scripts.OfLastLetter(line[..start]))
            : null;
    }

    private static TypedLine? NothingAtEndOf(ReadOnlySpan<char> line) =>
        line is [.., var last] && char.IsWhiteSpace(last) && WordBefore(line) is { } before and not WordFollowers.SentenceStart
            ? new TypedLine(Typing.Nothing, "", 0, Script.None, Casing.AsSpelt, before, Scripts.OfLastLetter(line))
            : null;

    /// <summary>The word that a text ends with, past spaces and commas.</summary>
    private static string? WordBefore(ReadOnlySpan<char> text)
    {
        text = text.TrimEnd(" \u00A0\t,");
        if (text.IsEmpty || SentenceEnds.Contains(text[^1], StringComparison.Ordinal))
        {
            return WordFollowers.SentenceStart;
        }

        var word = text[StartOfWord(text)..];
        return word.Length <= Letters.LongestWord && Scripts.Of(word) != Script.None ? Letters.KeyOf(word) : null;
    }
}
