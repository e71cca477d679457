namespace Clearway.Chat.Predictive;

/// <summary>Russian written in Latin letters, as people without a Russian keyboard do: "privet", "skolko", "chto", "yeshche".</summary>
internal static class Transliteration
{
    /// <summary>Most readings of one word; ambiguous letters beyond that keep their first meaning.</summary>
    public const int MaxReadings = 8;

    private const string Vowels = "aeiouy";

    /// <summary>Letter groups before single letters, longer ones first; several readings are parted by a bar, the likelier one first.</summary>
    private static readonly (string Latin, string Cyrillic)[] Groups =
    [
        ("shch", "щ"), ("sch", "щ"), ("zh", "ж"), ("kh", "х"), ("ts", "ц"), ("ch", "ч"), ("sh", "ш"),
        ("ya", "я"), ("ja", "я"), ("yu", "ю"), ("ju", "ю"), ("yo", "е"), ("jo", "е"), ("ye", "е"), ("je", "е"),
        ("a", "а"), ("b", "б"), ("c", "ц|к"), ("d", "д"), ("f", "ф"), ("g", "г"), ("h", "х"), ("i", "и"), ("j", "й|ж"), ("k", "к"),
        ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"),
        ("w", "в"), ("x", "х|кс"), ("z", "з"), ("'", "ь"),
    ];

    /// <summary>Reads a Latin key as Cyrillic.</summary>
    /// <param name="key">The typed word's key.</param>
    /// <returns>The readings, likelier ones first; none when a sign has no Russian sound.</returns>
    public static IReadOnlyList<string> Read(string key)
    {
        var readings = new List<string> { "" };
        for (var position = 0; position < key.Length;)
        {
            if (Meaning(key, position, out var length) is not { } meanings)
            {
                return [];
            }

            readings = [.. meanings.Split('|').SelectMany(meaning => readings.Select(reading => reading + meaning)).Take(MaxReadings)];
            position += length;
        }

        return readings;
    }

    private static string? Meaning(string key, int position, out int length)
    {
        length = 1;
        var previous = position > 0 ? key[position - 1] : '\0';
        var next = position + 1 < key.Length ? key[position + 1] : '\0';
        switch (key[position])
        {
            case 'e':
                return position == 0 ? "э|е" : "е|э";
            case 'l':
                // The soft sign inside "skolko" and "bolshe" is never written.
                return next is not '\0' and not '\'' && !Vowels.Contains(next, StringComparison.Ordinal) ? "л|ль" : "л";
            case 'y' when next is not ('a' or 'u' or 'o' or 'e'):
                return Vowels.Contains(previous, StringComparison.Ordinal) ? "й" : "ы|й";
        }

        foreach (var (latin, cyrillic) in Groups)
        {
            if (string.CompareOrdinal(key, position, latin, 0, latin.Length) == 0)
            {
                length = latin.Length;
                return cyrillic;
            }
        }

        return null;
    }
}
