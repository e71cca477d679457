namespace Clearway.Chat.Predictive;

/// <summary>What counts as a letter of a word, and which letters are the same for a look-up.</summary>
internal static class Letters
{
    /// <summary>Longest word that is completed, in UTF-16 code units; the word lists end at 24.</summary>
    public const int LongestWord = 32;

    private const char FirstUnfolded = '\u0530';

    private static readonly char[] Folded = [.. Enumerable.Range(0, FirstUnfolded).Select(code => FoldSlowly((char)code))];

    /// <summary>The letter as keys have it: lower case, ё as е, one kind of apostrophe.</summary>
    public static char Fold(char letter)
    {
        var folded = Folded;
        return letter < folded.Length ? folded[letter] : letter is '\u2019' or '\u02BC' ? '\'' : letter;
    }

    /// <summary>Writes the key of a word.</summary>
    /// <param name="word">The word as it is spelt.</param>
    /// <param name="key">Receives the key; at least as long as the word.</param>
    public static void Fold(ReadOnlySpan<char> word, Span<char> key)
    {
        for (var index = 0; index < word.Length; index++)
        {
            key[index] = Fold(word[index]);
        }
    }

    public static bool IsLatin(char letter) => char.IsAsciiLetter(letter);

    public static bool IsCyrillic(char letter) => letter is (>= 'а' and <= 'я') or (>= 'А' and <= 'Я') or 'ё' or 'Ё';

    /// <summary>Whether a character stands inside words without being a letter.</summary>
    public static bool IsJoiner(char character) => character is '\'' or '\u2019' or '-';

    private static char FoldSlowly(char letter) => char.ToLowerInvariant(letter) switch
    {
        'ё' => 'е',
        var lower => lower,
    };
}
