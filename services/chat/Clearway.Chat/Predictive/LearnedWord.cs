using System.Collections.Frozen;

namespace Clearway.Chat.Predictive;

/// <summary>A word that people of a room have written.</summary>
/// <param name="Key">As look-ups want it, see <see cref="Letters.Fold(char)"/>.</param>
/// <param name="Spelling">As it is suggested.</param>
/// <param name="Script">Its alphabet.</param>
/// <param name="Weight">What it is worth beside the dictionary's words, see <see cref="WeightedWord"/>.</param>
internal readonly record struct LearnedWord(string Key, string Spelling, Script Script, int Weight);

/// <summary>Finds the words of a chat line that may be learned.</summary>
internal static class LearnableWords
{
    private const int ShortestWord = 3;
    private const int LongestWord = 24;

    /// <summary>A longer text teaches with its beginning alone.</summary>
    private const int LongestText = 4096;

    private const int MostCapitals = 2;

    private static readonly char[] _punctuation = [.. ".,!?…;:()[]\"«»„“”'’-—–"];

    /// <summary>By their first letter: each word of each line that is stored is looked up here.</summary>
    private static readonly FrozenDictionary<char, string[]> _unwanted =
        ReadUnwanted().GroupBy(stem => stem[0]).ToFrozenDictionary(stems => stems.Key, stems => stems.ToArray());

    /// <summary>
    /// The words of a line. What stands between two spaces is a word only if it is one throughout: addresses, tokens, passwords with
    /// digits or signs in them, and names with capitals strewn in are never learned; nor are the stems that nothing suggested begins with.
    /// </summary>
    public static IEnumerable<(string Key, string Spelling, Script Script)> Of(string text)
    {
        if (text.Length > LongestText)
        {
            text = text[..LongestText];
        }

        foreach (var piece in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var word = piece.Trim(_punctuation);
            if (word.Length is < ShortestWord or > LongestWord)
            {
                continue;
            }

            var script = Scripts.Of(word);
            if (script != Script.None && Letters.KeyOf(word) is { } key && !HasStrewnCapitals(word)
                && !IsUnwanted(key))
            {
                yield return (key, word, script);
            }
        }
    }

    private static bool IsUnwanted(string key) =>
        _unwanted.TryGetValue(key[0], out var stems) && Array.Exists(stems, stem => key.StartsWith(stem, StringComparison.Ordinal));

    private static bool HasStrewnCapitals(string word)
    {
        var capitals = word.Count(char.IsUpper);
        return capitals > MostCapitals && capitals != word.Count(char.IsLetter);
    }

    private static IEnumerable<string> ReadUnwanted()
    {
        using var stream = typeof(LearnableWords).Assembly.GetManifestResourceStream("unwanted.txt")
            ?? throw new InvalidDataException("The list of unwanted stems is not built in.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return string.Create(line.Length, line, (key, stem) => Letters.Fold(stem, key));
            }
        }
    }
}
