using System.Buffers;

namespace Clearway.Chat.Predictive;

/// <summary>What was meant when the keyboard was in the other layout: US QWERTY and Russian ЙЦУКЕН, by the position of the keys.</summary>
internal static class KeyboardLayout
{
    private const string Latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
    private const string Cyrillic = "йцукенгшщзхъфывапролджэячсмитьбю";
    private const string Neighbours = "qwertyuiop asdfghjkl zxcvbnm йцукенгшщзхъ фывапролджэ ячсмитьбю";

    private static readonly SearchValues<char> _punctuation = SearchValues.Create("[];',.");

    /// <summary>Reads a key of one layout in the other.</summary>
    /// <param name="key">The typed word's key.</param>
    /// <returns>Null when a sign has no letter in the other layout.</returns>
    public static string? Switch(string key) =>
        Map(key, Latin, Cyrillic) ?? Map(key, Cyrillic, Latin);

    /// <summary>
    /// Finds what a line ends with when it is read as Russian keys, some of which are punctuation in the Latin layout: "k.,jdm" is любовь.
    /// </summary>
    /// <param name="line">The line up to the caret.</param>
    /// <returns>Null when no sign of punctuation is in it; then it is a word like any other.</returns>
    public static string? KeysAtEndOf(ReadOnlySpan<char> line)
    {
        // Most lines have none where they end.
        if (!line[Math.Max(0, line.Length - Letters.LongestWord)..].ContainsAny(_punctuation))
        {
            return null;
        }

        var start = line.Length;
        while (start > 0 && Latin.Contains(Letters.Fold(line[start - 1]), StringComparison.Ordinal))
        {
            start--;
        }

        var keys = line[start..];
        return keys.Length <= Letters.LongestWord && keys.ContainsAny(_punctuation) && (start == 0 || char.IsWhiteSpace(line[start - 1]))
            ? Letters.KeyOf(keys)
            : null;
    }

    /// <summary>Whether two letters lie side by side on one row of a keyboard.</summary>
    public static bool AreNeighbours(char one, char other)
    {
        var place = Neighbours.IndexOf(one, StringComparison.Ordinal);
        return place >= 0 && ((place > 0 && Neighbours[place - 1] == other) || (place + 1 < Neighbours.Length && Neighbours[place + 1] == other));
    }

    private static string? Map(string key, string from, string to)
    {
        Span<char> mapped = stackalloc char[Letters.LongestWord];
        for (var index = 0; index < key.Length; index++)
        {
            var position = from.IndexOf(key[index], StringComparison.Ordinal);
            if (position < 0)
            {
                return null;
            }

            mapped[index] = to[position];
        }

        return new string(mapped[..key.Length]);
    }
}
