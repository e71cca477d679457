namespace Clearway.Chat.Predictive;

/// <summary>The letters on the keys of a telephone, ITU-T E.161 and its Russian custom.</summary>
internal static class Keypad
{
    private const string Latin = "22233344455566677778889999";
    private const string Cyrillic = "22223333444455556666777788889999";

    /// <summary>The digit of a key's letter.</summary>
    /// <param name="letter">A letter as keys have it, see <see cref="Letters.Fold(char)"/>.</param>
    /// <returns>Null for signs that stand in words and have no key.</returns>
    public static char? DigitOf(char letter) => letter switch
    {
        >= 'a' and <= 'z' => Latin[letter - 'a'],
        >= 'а' and <= 'я' => Cyrillic[letter - 'а'],
        _ => null,
    };

    /// <summary>Whether a digit's key has letters.</summary>
    public static bool HasLetters(char digit) => digit is >= '2' and <= '9';

    /// <summary>The digits that type a word; hyphens and apostrophes are left out.</summary>
    public static string DigitsOf(ReadOnlySpan<char> key)
    {
        Span<char> digits = stackalloc char[key.Length];
        var count = 0;
        foreach (var letter in key)
        {
            if (DigitOf(letter) is { } digit)
            {
                digits[count++] = digit;
            }
        }

        return new string(digits[..count]);
    }
}
