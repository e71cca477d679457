namespace Clearway.Chat.Predictive;

/// <summary>What counts as a letter of a word, and which letters are the same for a look-up.</summary>
internal static class Letters
{
    /// <summary>Longest word that is completed, in UTF-16 code units; the word lists end at 24.</summary>
    public const int LongestWord = 32;

    private const char Breve = '\u0306';
    private const char Dots = '\u0308';

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

    /// <summary>The key of a word.</summary>
    /// <returns>Null when a mark stands where it makes no letter of the alphabets.</returns>
    public static string? KeyOf(ReadOnlySpan<char> word)
    {
        Span<char> key = stackalloc char[word.Length];
        var length = 0;
        foreach (var letter in word)
        {
            if (!IsMark(letter))
            {
                key[length++] = Fold(letter);
            }
            else if (length > 0 && Compose(key[length - 1], letter) is { } composed)
            {
                key[length - 1] = composed;
            }
            else
            {
                return null;
            }
        }

        return new string(key[..length]);
    }

    /// <summary>Whether a character is the breve of й or the dots of ё, written as a letter's combining mark (Unicode's form NFD).</summary>
    public static bool IsMark(char character) => character is Breve or Dots;

    public static bool IsLatin(char letter) => char.IsAsciiLetter(letter);

    public static bool IsCyrillic(char letter) => letter is (>= 'а' and <= 'я') or (>= 'А' and <= 'Я') or 'ё' or 'Ё';

    /// <summary>Whether a character stands inside words without being a letter.</summary>
    public static bool IsJoiner(char character) => character is '\'' or '\u2019' or '-';

    private static char? Compose(char letter, char mark) => (letter, mark) switch
    {
        ('и', Breve) => 'й',
        ('е', Dots) => 'е',
        _ => null,
    };

    private static char FoldSlowly(char letter) => char.ToLowerInvariant(letter) switch
    {
        'ё' => 'е',
        var lower => lower,
    };
}
