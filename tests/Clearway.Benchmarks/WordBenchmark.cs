using Clearway.Chat.Predictive;
using Clearway.TestServers;
using StackExchange.Redis;

namespace Clearway.Benchmarks;

/// <summary>
/// The best completion of a prefix, beside a walk over a sorted array that keeps the best word it meets, and beside Redis: a sorted set
/// of the same words by ZRANGEBYLEX, which gives the first by the alphabet and not the best, over one connection, one call at a time.
/// </summary>
internal static class WordBenchmark
{
    internal static Contest Create()
    {
        var index = WordIndex.Open("en");
        var words = Enumerable.Range(0, index.Count).Select(word => (Key: index.Spelling(word).ToLowerInvariant(), Weight: index.Weight(word))).ToArray();
        var sorted = words.OrderBy(word => word.Key, StringComparer.Ordinal).ToArray();
        var prefixes = TypedPrefixes.Of(words);
        var redis = StartRedis(words.Select(word => word.Key));

        return new Contest("predictive text, best word", "1M/s a core; p99 2 us") { Note = () => Latency.Of(prefixes, prefix => BestOf(index, prefix)) }
            .With("WordIndex.Complete, top 1", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += BestOf(index, prefixes[i % prefixes.Length]);
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
            })
            .With("Redis ZRANGEBYLEX, first by the alphabet", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    var prefix = prefixes[i % prefixes.Length];
                    sum += redis.SortedSetRangeByValue("words", prefix, $"{prefix}\u00ff", Exclude.None, 0, 1).Length;
                }

                return sum;
            });
    }

    private static long BestOf(WordIndex index, string prefix)
    {
        Span<int> best = stackalloc int[1];
        return index.Complete(prefix, best) > 0 ? best[0] : 0;
    }

    private static int Walk((string Key, byte Weight)[] sorted, string prefix)
    {
        var (first, end) = (0, sorted.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            (first, end) = string.CompareOrdinal(sorted[middle].Key, prefix) < 0 ? (middle + 1, end) : (first, middle);
        }

        var (best, weight) = (-1, -1);
        for (; first < sorted.Length && sorted[first].Key.StartsWith(prefix, StringComparison.Ordinal); first++)
        {
            if (sorted[first].Key.Length > prefix.Length && sorted[first].Weight > weight)
            {
                (best, weight) = (first, sorted[first].Weight);
            }
        }

        return best;
    }

    private static IDatabase StartRedis(IEnumerable<string> words)
    {
        var server = RedisServer.StartAsync().GetAwaiter().GetResult();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var database = ConnectionMultiplexer.Connect(server.ConnectionString).GetDatabase();
        foreach (var chunk in words.Chunk(1000))
        {
            database.SortedSetAdd("words", [.. chunk.Select(word => new SortedSetEntry(word, 0))]);
        }

        return database;
    }
}
