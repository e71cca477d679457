using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>Writes the form of a dictionary that <see cref="DictionaryFile"/> maps; the same lists make the same bytes.</summary>
internal static class DictionaryWriter
{
    /// <summary>Writes a dictionary.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="words">The words; of those with one key the heaviest is kept, and of equal ones the first.</param>
    /// <param name="pairs">Which words follow which; those of words that are not there are left out.</param>
    public static void Write(Stream to, IEnumerable<WeightedWord> words, IEnumerable<WordFollowers> pairs)
    {
        var entries = words
            .Select(word => new Entry(word.Spelling, KeyOf(word.Spelling), word.Weight))
            .GroupBy(entry => entry.Key)
            .Select(same => same.MaxBy(entry => entry.Weight)!)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();
        var letters = entries.SelectMany(entry => entry.Spelling).Distinct().Order().ToArray();
        var (blocks, text) = EncodeSpellings(entries, letters);
        var keypad = Enumerable.Range(0, entries.Length)
            .Select(word => (Word: word, Digits: Keypad.DigitsOf(entries[word].Key)))
            .OrderBy(typed => typed.Digits, StringComparer.Ordinal)
            .ThenByDescending(typed => entries[typed.Word].Weight)
            .ThenBy(typed => typed.Word)
            .ToArray();
        WriteFile(to, entries.Length,
        [
            [.. MemoryMarshal.AsBytes(letters.AsSpan())],
            [.. MemoryMarshal.AsBytes<int>(blocks)],
            text,
            [.. entries.Select(entry => entry.Weight)],
            PrefixNodes.Build([.. entries.Select(entry => entry.Key)], (first, end, length) => Enumerable.Range(first, end - first)
                .Where(word => entries[word].Key.Length > length)
                .OrderByDescending(word => entries[word].Weight)
                .Take(PrefixNodes.Best)),
            [.. MemoryMarshal.AsBytes<UInt24>(keypad.Select(typed => new UInt24(typed.Word)).ToArray())],
            PrefixNodes.Build([.. keypad.Select(typed => typed.Digits)], (first, end, length) => keypad[first..end]
                .OrderByDescending(typed => typed.Digits.Length == length)
                .ThenByDescending(typed => entries[typed.Word].Weight)
                .Select(typed => typed.Word)
                .Take(PrefixNodes.Best)),
            EncodePairs(entries, pairs),
        ]);
    }

    private static (int[] Blocks, byte[] Text) EncodeSpellings(Entry[] entries, char[] letters)
    {
        var blocks = new List<int>();
        var text = new List<byte>();
        var previous = "";
        for (var word = 0; word < entries.Length; word++)
        {
            if (word % WordCursor.BlockWords == 0)
            {
                blocks.Add(text.Count);
                previous = "";
            }

            var spelling = entries[word].Spelling;
            var shared = Math.Min(spelling.AsSpan().CommonPrefixLength(previous), WordCursor.Nibble);
            var own = spelling.Length - shared;
            text.Add((byte)((shared << 4) | Math.Min(own, WordCursor.Nibble)));
            if (own >= WordCursor.Nibble)
            {
                text.Add((byte)(own - WordCursor.Nibble));
            }

            text.AddRange(spelling.Skip(shared).Select(letter => (byte)Array.BinarySearch(letters, letter)));
            previous = spelling;
        }

        return ([.. blocks], [.. text]);
    }

    private static byte[] EncodePairs(Entry[] entries, IEnumerable<WordFollowers> pairs)
    {
        var numbers = entries.Select((entry, word) => (entry.Key, word)).ToDictionary(entry => entry.Key, entry => entry.word);
        numbers.Add(WordFollowers.SentenceStart, WordPairs.SentenceStart);
        return WordPairs.Build(pairs
            .Where(pair => numbers.ContainsKey(KeyOf(pair.First)))
            .ToDictionary(
                pair => numbers[KeyOf(pair.First)],
                pair => pair.Followers
                    .Where(follower => numbers.ContainsKey(KeyOf(follower.Spelling)))
                    .Take(WordPairs.MostFollowers)
                    .Select(follower => (numbers[KeyOf(follower.Spelling)], follower.Weight))
                    .ToArray()));
    }

    private static void WriteFile(Stream to, int words, byte[][] sections)
    {
        byte[] body = [.. sections.SelectMany(section => section.Concat(new byte[DictionaryFile.Padded(section.Length) - section.Length]))];
        byte[] header =
        [
            .. DictionaryFile.Magic,
            .. BitConverter.GetBytes(DictionaryFile.Version),
            .. BitConverter.GetBytes(words),
            .. sections.SelectMany(section => BitConverter.GetBytes(section.Length)),
        ];
        to.Write(header);
        to.Write(DictionaryFile.Digest(header, body));
        to.Write(body);
    }

    private static string KeyOf(string spelling) => string.Create(spelling.Length, spelling, (key, word) => Letters.Fold(word, key));

    private sealed record Entry(string Spelling, string Key, byte Weight);
}
