using Clearway.Chat.Predictive;

namespace Clearway.Benchmarks;

/// <summary>
/// The best suggestion for a line as the service finds it: the word read literally, in Latin letters and in the other layout, what follows
/// the word before, and the room's own words; beside the look-up of the one word in the dictionary, the limit.
/// </summary>
internal static class PredictionBenchmark
{
    private const int FewestMisspelt = 5;
    private const int Misspelt = 4_096;

    internal static Contest Create()
    {
        var index = WordIndex.Open("en");
        var words = Enumerable.Range(0, index.Count).Select(word => (Key: index.Spelling(word).ToLowerInvariant(), Weight: index.Weight(word))).ToArray();
        var prefixes = TypedPrefixes.Of(words);
        var lines = Array.ConvertAll(prefixes, prefix => $"I think we can {prefix}");
        var slips = words.Where(word => word.Key.Length >= FewestMisspelt).OrderByDescending(word => word.Weight).Take(Misspelt)
            .Select(word => $"I think we can {Exchange(word.Key)}").ToArray();
        var text = new PredictiveText(new SpokenWords(TimeProvider.System));
        var room = new RoomScope("acme", "standup");

        return new Contest("predictive text, best suggestion for a line", "1M/s a core; p99 2 us")
        {
            Note = () => $"{Latency.Of(lines, line => Predict(text, line, room))}\n  misspelt, {Latency.Of(slips, line => Predict(text, line, room))}",
        }
            .With("PredictiveText.Predict, top 1", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += Predict(text, lines[i % lines.Length], room);
                }

                return sum;
            })
            .With("of a line that ends with a misspelt word", operations =>
            {
                var sum = 0L;
                for (var i = 0; i < operations; i++)
                {
                    sum += Predict(text, slips[i % slips.Length], room);
                }

                return sum;
            })
            .With("WordIndex.Complete, top 10 (limit)", operations =>
            {
                var sum = 0L;
                Span<int> best = stackalloc int[WordIndex.MaxCompletions];
                for (var i = 0; i < operations; i++)
                {
                    sum += index.Complete(prefixes[i % prefixes.Length], best);
                }

                return sum;
            });
    }

    /// <summary>A word with two of its letters exchanged.</summary>
    private static string Exchange(string word) => $"{word[..2]}{word[3]}{word[2]}{word[4..]}";

    private static long Predict(PredictiveText text, string line, RoomScope room) => text.Predict(line, 1, room).Words.Count;
}
