using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>
/// Which words follow which, most frequent first. As bytes (32 bits each): the number of first words, their numbers sorted, where each
/// one's followers begin (one more than words), and the followers: the word's number in the high 24 bits, the weight in the low eight.
/// </summary>
internal readonly ref struct WordPairs(ReadOnlySpan<byte> section)
{
    /// <summary>As a first word: the place before a sentence's first word.</summary>
    public const int SentenceStart = 0xFFFFFF;

    private readonly ReadOnlySpan<int> _numbers = MemoryMarshal.Cast<byte, int>(section);

    /// <summary>Most followers of one word, the start of a sentence among them.</summary>
    public const int MostFollowers = 64;

    /// <summary>The followers of a word, or none.</summary>
    public ReadOnlySpan<uint> After(int word)
    {
        var count = _numbers[0];
        var place = _numbers.Slice(1, count).BinarySearch(word);
        if (place < 0)
        {
            return [];
        }

        var starts = _numbers.Slice(1 + count, count + 1);
        return MemoryMarshal.Cast<int, uint>(_numbers[(2 + (2 * count))..])[starts[place]..starts[place + 1]];
    }

    public static int Word(uint follower) => (int)(follower >> 8);

    public static byte Weight(uint follower) => (byte)follower;

    /// <summary>Writes the section.</summary>
    /// <param name="pairs">For each first word its followers, best first.</param>
    public static byte[] Build(IReadOnlyDictionary<int, (int Word, byte Weight)[]> pairs)
    {
        var firsts = pairs.Keys.Order().ToArray();
        var starts = new int[firsts.Length + 1];
        for (var place = 0; place < firsts.Length; place++)
        {
            starts[place + 1] = starts[place] + pairs[firsts[place]].Length;
        }

        var followers = firsts.SelectMany(first => pairs[first]).Select(pair => (pair.Word << 8) | pair.Weight);
        return [.. MemoryMarshal.AsBytes<int>((int[])[firsts.Length, .. firsts, .. starts, .. followers])];
    }
}
