namespace Clearway.Chat.Predictive;

/// <summary>
/// Words that were written, with how often and how lately: a mention counts half after <see cref="HalfLife"/>, and a word that counts
/// less than <see cref="FewestMentions"/> / 4 is gone. Bounded: the least mentioned make room.
/// </summary>
/// <param name="most">Most words.</param>
internal sealed class Vocabulary(int most)
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(3);

    /// <summary>A word is suggested from its second mention on: the first may be a slip, or nobody else's business.</summary>
    public const int FewestMentions = 2;

    /// <summary>What one mention is worth beside the dictionary's words: as much as 400 in a million.</summary>
    private const int WeightOfAMention = 138;

    private const double Forgotten = FewestMentions / 4.0;

    private readonly Lock _gate = new();

    // guarded by _gate; sorted by key
    private readonly List<Entry> _entries = [];

    /// <summary>Number of words.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Counts a mention.</summary>
    /// <param name="key">The word's key.</param>
    /// <param name="spelling">How it was written; lower case is kept rather than a capital, which may be a sentence's.</param>
    /// <param name="script">Its alphabet.</param>
    /// <param name="place">Where it was said: one bit.</param>
    /// <param name="now">When.</param>
    public void Mention(string key, string spelling, Script script, ulong place, DateTimeOffset now)
    {
        lock (_gate)
        {
            var index = IndexOf(key);
            if (index < 0)
            {
                MakeRoom(now);
                index = ~IndexOf(key);
                _entries.Insert(index, new Entry(key, spelling, script, now));
            }

            var entry = _entries[index];
            entry.Count = entry.CountAt(now) + 1;
            entry.Mentions = Math.Min(entry.Mentions + 1, FewestMentions);
            entry.Places |= place;
            entry.At = now;
            if (!char.IsUpper(spelling[0]))
            {
                entry.Spelling = spelling;
            }
        }
    }

    /// <summary>Finds words that begin with a prefix and are longer.</summary>
    /// <param name="prefix">A key.</param>
    /// <param name="fewestPlaces">In how many places a word must have been said.</param>
    /// <param name="now">When.</param>
    /// <param name="found">Receives them, sorted by key.</param>
    public void Find(ReadOnlySpan<char> prefix, int fewestPlaces, DateTimeOffset now, List<LearnedWord> found)
    {
        lock (_gate)
        {
            for (var index = FirstFrom(prefix); index < _entries.Count && _entries[index].Key.AsSpan().StartsWith(prefix, StringComparison.Ordinal); index++)
            {
                var entry = _entries[index];
                var count = entry.CountAt(now);
                if (entry.Key.Length > prefix.Length && entry.Mentions >= FewestMentions && count >= Forgotten
                    && System.Numerics.BitOperations.PopCount(entry.Places) >= fewestPlaces)
                {
                    found.Add(new LearnedWord(entry.Key, entry.Spelling, entry.Script, WeightOfAMention + (int)Math.Round(30 * Math.Log10(count))));
                }
            }
        }
    }

    /// <summary>Forgets a word, or all.</summary>
    /// <param name="key">The word's key; null for all.</param>
    public void Forget(string? key)
    {
        lock (_gate)
        {
            if (key is null)
            {
                _entries.Clear();
            }
            else if (IndexOf(key) is >= 0 and var index)
            {
                _entries.RemoveAt(index);
            }
        }
    }

    /// <summary>Forgets that words were said at a place, and those that were said nowhere else.</summary>
    public void ForgetPlace(ulong place)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                entry.Places &= ~place;
            }

            _entries.RemoveAll(entry => entry.Places == 0);
        }
    }

    /// <summary>When it is full, drops what has faded, and the least mentioned quarter of the rest.</summary>
    private void MakeRoom(DateTimeOffset now)
    {
        if (_entries.Count < most)
        {
            return;
        }

        var kept = _entries.Where(entry => entry.CountAt(now) >= Forgotten)
            .OrderByDescending(entry => entry.CountAt(now))
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(most * 3 / 4)
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .ToArray();
        _entries.Clear();
        _entries.AddRange(kept);
    }

    private int IndexOf(string key)
    {
        var index = FirstFrom(key);
        return index < _entries.Count && _entries[index].Key == key ? index : ~index;
    }

    private int FirstFrom(ReadOnlySpan<char> key)
    {
        var (first, end) = (0, _entries.Count);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = _entries[middle].Key.AsSpan().SequenceCompareTo(key) < 0 ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    private sealed class Entry(string key, string spelling, Script script, DateTimeOffset at)
    {
        public string Key => key;

        public Script Script => script;

        public string Spelling { get; set; } = spelling;

        /// <summary>Mentions, each fading, as of <see cref="At"/>.</summary>
        public double Count { get; set; }

        public DateTimeOffset At { get; set; } = at;

        public int Mentions { get; set; }

        public ulong Places { get; set; }

        public double CountAt(DateTimeOffset now) => Count * double.Exp2(-Math.Max(0, (now - At) / HalfLife));
    }
}
