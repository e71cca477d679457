using Clearway.Chat.Predictive;

namespace Clearway.Benchmarks;

/// <summary>The best completion of a prefix, beside a walk over a sorted array that keeps the best word it meets.</summary>
internal static class WordBenchmark
{
    internal static Contest Create()
    {
        var words = WordList.Read("en").ToArray();
        var index = new WordIndex(words);
        var sorted = words.Select((word, rank) => (Key: word.Spelling.ToLowerInvariant(), Rank: rank)).ToArray();
        Array.Sort(sorted, (one, other) => string.CompareOrdinal(one.Key, other.Key));
        var prefixes = Prefixes(words);

        return new Contest("predictive text, best word", "1M/s a core")
            .With("WordIndex.Complete, top 1", operations =>
            {
                var sum = 0L;
                Span<int> best = stackalloc int[1];
                for (var i = 0; i < operations; i++)
                {
                    sum += index.Complete(prefixes[i % prefixes.Length], best) > 0 ? best[0] : 0;
                }

                return sum;
            })
            .With("sorted array, binary search and walk", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += Walk(sorted, prefixes[i % prefixes.Length]);
                }

                return sum;
            });
    }

    /// <summary>What people type: the first one to five letters of common words.</summary>
    private static string[] Prefixes(WeightedWord[] words)
    {
        var random = new Random(20_26);
        return [.. Enumerable.Range(0, 4096).Select(_ =>
        {
            var word = words[random.Next(Math.Min(words.Length, 5_000))].Spelling.ToLowerInvariant();
            return word[..Math.Min(word.Length, random.Next(1, 6))];
        })];
    }

    private static int Walk((string Key, int Rank)[] sorted, string prefix)
    {
        var (first, end) = (0, sorted.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = string.CompareOrdinal(sorted[middle].Key, prefix) < 0 ? (middle + 1, end) : (first, middle);
        }

        var best = int.MaxValue;
        for (; first < sorted.Length && sorted[first].Key.StartsWith(prefix, StringComparison.Ordinal); first++)
        {
            best = sorted[first].Key.Length > prefix.Length ? Math.Min(best, sorted[first].Rank) : best;
        }

        return best;
    }
}
