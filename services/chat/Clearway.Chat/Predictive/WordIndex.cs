using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>
/// Look-ups in a dictionary of one language: the completions of a prefix, the words that digits of a telephone type, the words that
/// follow a word; best first, by weight and then by key. A look-up finds the longest prefix that has a node by its hash; where that is
/// shorter than what was asked for, the few words under it are walked over.
/// </summary>
/// <remarks>Safe for any number of threads; look-ups allocate nothing.</remarks>
internal sealed partial class WordIndex : IDisposable
{
    /// <summary>Most words that one look-up gives.</summary>
    public const int MaxCompletions = PrefixNodes.Best;

    private readonly DictionaryFile _file;
    private readonly char[] _letters;
    private readonly char[] _keys;

    public WordIndex(DictionaryFile file)
    {
        _file = file;
        _letters = [.. MemoryMarshal.Cast<byte, char>(file[DictionarySection.Letters])];
        _keys = Array.ConvertAll(_letters, Letters.Fold);
        Beginnings = new Beginnings(HashBeginnings());
    }

    /// <summary>Number of words.</summary>
    public int Count => _file.Words;

    /// <summary>What may be a word, or begin one.</summary>
    public Beginnings Beginnings { get; }

    /// <summary>Bytes of everything: the words, their weights, what finds them, what follows them, and what begins them.</summary>
    public int Bytes => _file.Length + Beginnings.Bytes;

    /// <summary>Opens a language's dictionary, which lies beside the service.</summary>
    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <exception cref="IOException">It is not there.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static WordIndex Open(string language) =>
        new(DictionaryFile.Open(Path.Combine(AppContext.BaseDirectory, $"words.{language}.dict")));

    public void Dispose() => _file.Dispose();

    /// <summary>The word as it is suggested.</summary>
    public string Spelling(int word)
    {
        var cursor = At(word);
        Span<char> spelling = stackalloc char[Letters.LongestWord];
        for (var index = 0; index < cursor.Length; index++)
        {
            spelling[index] = _letters[cursor.Code(index)];
        }

        return new string(spelling[..cursor.Length]);
    }

    /// <summary>The word's weight, see <see cref="WeightedWord"/>.</summary>
    public byte Weight(int word) => _file[DictionarySection.Weights][word];

    /// <summary>Leaves of some followers those that begin with a prefix and are longer.</summary>
    /// <param name="followers">What <see cref="After"/> gave.</param>
    /// <param name="prefixed">The words of the prefix, as <see cref="Complete(ReadOnlySpan{char}, Span{int}, out WordRange)"/> found them.</param>
    /// <param name="left">Receives them in their order.</param>
    /// <returns>How many are left.</returns>
    public static int Filter(ReadOnlySpan<uint> followers, WordRange prefixed, Span<uint> left)
    {
        var count = 0;
        foreach (var follower in followers)
        {
            var word = WordPairs.Word(follower);
            if (word >= prefixed.First && word < prefixed.End && word != prefixed.Itself)
            {
                left[count++] = follower;
            }
        }

        return count;
    }

    /// <summary>Finds the words that begin with a prefix and are longer.</summary>
    /// <param name="prefix">A key, see <see cref="Letters.Fold(char)"/>.</param>
    /// <param name="best">Receives the words' numbers, best first; at most <see cref="MaxCompletions"/> are filled.</param>
    /// <returns>How many there are.</returns>
    public int Complete(ReadOnlySpan<char> prefix, Span<int> best) => Complete(prefix, best, out _);

    /// <summary>The same, with where they lie and whether the prefix is a word itself: all of it costs one look-up.</summary>
    public int Complete(ReadOnlySpan<char> prefix, Span<int> best, out WordRange words)
    {
        best = best[..Math.Min(best.Length, MaxCompletions)];
        words = WordRange.None;
        if (!Narrow(prefix, out var place))
        {
            return 0;
        }

        if (place.Node >= 0)
        {
            words = new WordRange(place.First, place.End, place.FirstLength == prefix.Length ? place.First : -1);
            return Copy(new PrefixNodes(_file[DictionarySection.PrefixNodes]).BestOf(place.Node), best);
        }

        var ranking = new Ranking(best);
        var weights = _file[DictionarySection.Weights];
        var cursor = Seek(place.First, place.End, prefix);
        var (first, itself) = (cursor.Word, -1);
        while (cursor.Word < place.End && cursor.Compare(prefix) == 0)
        {
            if (cursor.Length > prefix.Length)
            {
                ranking.Offer(cursor.Word, weights[cursor.Word]);
            }
            else
            {
                itself = cursor.Word;
            }

            if (cursor.Word == place.End - 1)
            {
                words = new WordRange(first, place.End, itself);
                return ranking.Count;
            }

            cursor.MoveNext();
        }

        words = new WordRange(first, cursor.Word, itself);
        return ranking.Count;
    }

    /// <summary>Finds the word whose key is exactly this one.</summary>
    /// <returns>The word's number, or -1.</returns>
    public int Find(ReadOnlySpan<char> key)
    {
        if (!Narrow(key, out var place))
        {
            return -1;
        }

        // A key sorts before everything that it begins.
        if (place.Node >= 0)
        {
            return place.FirstLength == key.Length ? place.First : -1;
        }

        var cursor = Seek(place.First, place.End, key);
        return cursor.Compare(key) == 0 && cursor.Length == key.Length ? cursor.Word : -1;
    }

    /// <summary>The words that follow a word, best first; read them with <see cref="WordPairs.Word"/> and <see cref="WordPairs.Weight"/>.</summary>
    /// <param name="word">The word's number, or <see cref="WordPairs.SentenceStart"/>.</param>
    public ReadOnlySpan<uint> After(int word) => new WordPairs(_file[DictionarySection.Pairs]).After(word);

    private List<ulong> HashBeginnings()
    {
        var found = new List<ulong>(Count * 2);
        if (Count == 0)
        {
            return found;
        }

        // Beginnings that a word shares with the word before it are known.
        Span<ulong> hashes = stackalloc ulong[Letters.LongestWord + 1];
        var known = 0;
        for (var cursor = At(0); ; cursor.MoveNext())
        {
            for (var (index, hash) = (0, 0UL); index < cursor.Length; index++)
            {
                hash = Beginnings.Extend(hash, cursor.Key(index));
                var length = index + 1;
                if (length == cursor.Length || (length >= Beginnings.Shortest && (length > known || hashes[length] != hash)))
                {
                    found.Add(hash);
                }

                hashes[length] = hash;
            }

            known = cursor.Length;
            if (cursor.Word == Count - 1)
            {
                return found;
            }
        }
    }

    private static int Copy(ReadOnlySpan<UInt24> from, Span<int> best)
    {
        for (var index = 0; index < best.Length; index++)
        {
            best[index] = from[index].Value;
        }

        return best.Length;
    }

    /// <summary>Finds a range of words in which all that begin with a prefix lie, and the node that knows the best of them if there is one.</summary>
    [SkipLocalsInit]
    private bool Narrow(ReadOnlySpan<char> prefix, out Place place)
    {
        place = new Place(0, Count, -1, 0);
        if (prefix.Length is 0 or > Letters.LongestWord)
        {
            return false;
        }

        Span<uint> hashes = stackalloc uint[Letters.LongestWord + 1];
        PrefixNodes.Hash(prefix, hashes);
        var nodes = new PrefixNodes(_file[DictionarySection.PrefixNodes]);
        for (var length = prefix.Length; length > 0; length--)
        {
            var found = nodes.Find(hashes[length], length);
            if (found >= 0 && At(nodes.First(found)) is var cursor && cursor.Compare(prefix[..length]) == 0)
            {
                place = new Place(nodes.First(found), nodes.End(found), length == prefix.Length ? found : -1, cursor.Length);
                break;
            }
        }

        return place.First < place.End;
    }

    /// <summary>Stands on the first word of a range that is not before a prefix, or on its last word.</summary>
    private WordCursor Seek(int first, int end, ReadOnlySpan<char> prefix)
    {
        // The last block whose first word is before the prefix.
        var (low, high) = (first / WordCursor.BlockWords, (end - 1) / WordCursor.BlockWords);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = At(middle * WordCursor.BlockWords).Compare(prefix) < 0 ? (middle, high) : (low, middle - 1);
        }

        var cursor = At(Math.Max(first, low * WordCursor.BlockWords));
        while (cursor.Word < end - 1 && cursor.Compare(prefix) < 0)
        {
            cursor.MoveNext();
        }

        return cursor;
    }

    private WordCursor At(int word) =>
        new(_file[DictionarySection.Text], MemoryMarshal.Cast<byte, int>(_file[DictionarySection.Blocks]), _keys, word);

    /// <summary>Words among which a prefix's are: all of them where there is a node of it.</summary>
    private readonly record struct Place(int First, int End, int Node, int FirstLength);
}
