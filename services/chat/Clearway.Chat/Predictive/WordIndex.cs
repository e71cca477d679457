namespace Clearway.Chat.Predictive;

/// <summary>
/// Completions of a prefix, best first, over an immutable word list: the words sorted by key in one run of text, and for each prefix
/// with many words a node with their range and its best ten. A look-up finds the longest prefix that has a node by its hash; where that
/// is shorter than what was asked for, the few words under it are searched.
/// </summary>
/// <remarks>
/// Beyond the text, a word costs nine bytes (offset, rank, weight) and its share of the nodes, 60 bytes for at least
/// <see cref="NodeThreshold"/> words. Safe for any number of threads; look-ups allocate nothing.
/// </remarks>
internal sealed class WordIndex
{
    /// <summary>Most completions that one look-up gives.</summary>
    public const int MaxCompletions = 10;

    private const int NodeThreshold = 24;

    private readonly char[] _text;
    private readonly int[] _offsets;
    private readonly int[] _ranks;
    private readonly byte[] _weights;
    private readonly PrefixNodes _nodes;

    /// <summary>Builds the index.</summary>
    /// <param name="words">Best word first; of words with one key the first is kept.</param>
    public WordIndex(IEnumerable<WeightedWord> words)
    {
        var entries = words
            .Select((word, rank) => (word.Spelling, word.Weight, Rank: rank, Key: KeyOf(word.Spelling)))
            .DistinctBy(entry => entry.Key)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();

        _text = new char[entries.Sum(entry => entry.Spelling.Length)];
        _offsets = new int[entries.Length + 1];
        _ranks = new int[entries.Length];
        _weights = new byte[entries.Length];
        for (var word = 0; word < entries.Length; word++)
        {
            var spelling = entries[word].Spelling;
            spelling.CopyTo(_text.AsSpan(_offsets[word]));
            _offsets[word + 1] = _offsets[word] + spelling.Length;
            _ranks[word] = entries[word].Rank;
            _weights[word] = entries[word].Weight;
        }

        _nodes = new PrefixNodes([.. entries.Select(entry => entry.Key)], NodeThreshold, MaxCompletions, SelectBest);
    }

    /// <summary>Number of words.</summary>
    public int Count => _ranks.Length;

    /// <summary>Bytes that the index holds beyond the words' text.</summary>
    public long OverheadBytes => _offsets.Length * (long)sizeof(int) + _ranks.Length * (long)sizeof(int) + _weights.Length + _nodes.Bytes;

    /// <summary>The word as it is suggested.</summary>
    public ReadOnlySpan<char> Spelling(int word) => _text.AsSpan(_offsets[word], _offsets[word + 1] - _offsets[word]);

    /// <summary>The word's weight, see <see cref="WeightedWord"/>.</summary>
    public byte Weight(int word) => _weights[word];

    /// <summary>Finds the words that begin with a prefix and are longer, in the order of the word list.</summary>
    /// <param name="prefix">A key, see <see cref="Letters.Fold(char)"/>; not empty.</param>
    /// <param name="best">Receives the words' numbers, best first; at most <see cref="MaxCompletions"/> are filled.</param>
    /// <returns>How many there are.</returns>
    public int Complete(ReadOnlySpan<char> prefix, Span<int> best)
    {
        var found = Narrow(prefix, out var first, out var end, out var node);
        if (!found)
        {
            return 0;
        }

        if (node >= 0)
        {
            var ready = _nodes.Best(node);
            ready = ready[..Math.Min(ready.Length, best.Length)];
            ready.CopyTo(best);
            return ready.Length;
        }

        return SelectBest(first, end, prefix.Length, best[..Math.Min(best.Length, MaxCompletions)]);
    }

    /// <summary>Finds the word whose key is exactly this one.</summary>
    /// <returns>The word's number, or -1.</returns>
    public int Find(ReadOnlySpan<char> key)
    {
        // A key sorts before everything that it begins.
        return Narrow(key, out var first, out _, out _) && Spelling(first).Length == key.Length ? first : -1;
    }

    /// <summary>Finds the range of words that begin with a prefix, and the node that knows its best if there is one.</summary>
    private bool Narrow(ReadOnlySpan<char> prefix, out int first, out int end, out int node)
    {
        (first, end, node) = (0, Count, -1);
        if (prefix.Length is 0 or > Letters.LongestWord)
        {
            return false;
        }

        Span<uint> hashes = stackalloc uint[Letters.LongestWord + 1];
        PrefixNodes.Hash(prefix, hashes);
        for (var length = prefix.Length; length > 0; length--)
        {
            node = _nodes.Find(hashes[length], length);
            if (node >= 0 && Compare(_nodes.First(node), prefix[..length]) == 0)
            {
                (first, end) = (_nodes.First(node), _nodes.End(node));
                if (length == prefix.Length)
                {
                    return true;
                }

                break;
            }
        }

        node = -1;
        first = LowerBound(first, end, prefix);
        var last = first;
        while (last < end && Compare(last, prefix) == 0)
        {
            last++;
        }

        end = last;
        return first < end;
    }

    private int LowerBound(int first, int end, ReadOnlySpan<char> prefix)
    {
        while (first < end)
        {
            var middle = (int)(((uint)first + (uint)end) >> 1);
            if (Compare(middle, prefix) < 0)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }

    /// <summary>Where a word stands beside a prefix: before it, under it (0), or behind it.</summary>
    private int Compare(int word, ReadOnlySpan<char> prefix)
    {
        var spelling = Spelling(word);
        var common = Math.Min(spelling.Length, prefix.Length);
        for (var index = 0; index < common; index++)
        {
            var difference = Letters.Fold(spelling[index]) - prefix[index];
            if (difference != 0)
            {
                return difference;
            }
        }

        return spelling.Length < prefix.Length ? -1 : 0;
    }

    private int SelectBest(int first, int end, int prefixLength, Span<int> best)
    {
        // The word that is the prefix itself can only be the first one.
        if (first < end && _offsets[first + 1] - _offsets[first] == prefixLength)
        {
            first++;
        }

        var count = 0;
        for (var word = first; word < end; word++)
        {
            var rank = _ranks[word];
            if (count == best.Length && (count == 0 || rank > _ranks[best[count - 1]]))
            {
                continue;
            }

            var place = count < best.Length ? count++ : count - 1;
            for (; place > 0 && rank < _ranks[best[place - 1]]; place--)
            {
                best[place] = best[place - 1];
            }

            best[place] = word;
        }

        return count;
    }

    private static string KeyOf(string spelling) => string.Create(spelling.Length, spelling, (key, word) => Letters.Fold(word, key));
}
