namespace Clearway.Chat.Predictive;

/// <summary>
/// What was meant when the keyboard was in the other layout: US QWERTY and Russian ЙЦУКЕН, by the position of the keys. Only keys that
/// carry a letter in both layouts are mapped; the others end a word in one of them.
/// </summary>
internal static class KeyboardLayout
{
    private const string Latin = "qwertyuiopasdfghjklzxcvbnm";
    private const string Cyrillic = "йцукенгшщзфывапролдячсмить";

    /// <summary>Reads a key of one layout in the other.</summary>
    /// <param name="key">The typed word's key.</param>
    /// <returns>Null when a letter has no counterpart.</returns>
    public static string? Switch(string key) =>
        Map(key, Latin, Cyrillic) ?? Map(key, Cyrillic, Latin);

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
