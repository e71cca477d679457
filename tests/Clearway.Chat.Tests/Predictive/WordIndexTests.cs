using Clearway.Chat.Predictive;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public class WordIndexTests
{
    private const int MostGenerated = 400;

    [Fact]
    public void Complete_AnyWordsAndPrefix_EqualsSortingThemAll()
    {
        var cases = from words in Words()
                    from prefix in Word(7)
                    from limit in Gen.Choose(0, WordIndex.MaxCompletions + 2)
                    select (words, prefix, limit);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var index = Index(given.words);
            var key = KeyOf(given.prefix);
            var best = new int[given.limit];
            var found = best[..index.Complete(key, best)].Select(index.Spelling);
            return found.SequenceEqual(NaiveCompletions(given.words, key).Take(Math.Min(given.limit, WordIndex.MaxCompletions)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Find_AnyWordsAndKey_FindsExactlyTheWordsThatAreThere()
    {
        var cases = from words in Words()
                    from key in Word(7)
                    select (words, key);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var index = Index(given.words);
            var key = KeyOf(given.key);
            var word = index.Find(key);
            var expected = Distinct(given.words).FirstOrDefault(other => KeyOf(other.Spelling) == key).Spelling;
            return expected is null ? word == -1 : word >= 0 && index.Spelling(word) == expected;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Beginnings_AnyWords_LeaveNoWordAndNoBeginningOut()
    {
        Prop.ForAll(Words().ToArbitrary(), words =>
        {
            using var index = Index(words);
            return words.Select(word => KeyOf(word.Spelling)).All(key => Enumerable.Range(1, key.Length)
                .Where(length => length == key.Length || length >= Beginnings.Shortest)
                .All(length => index.Beginnings.MayHave(key[..length].Aggregate(0UL, Beginnings.Extend))));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Beginnings_OfADictionary_PassFewOthers()
    {
        using var index = WordIndex.Open("en");
        var random = new Random(20_26);
        var others = Enumerable.Range(0, 10_000).Select(_ => new string(random.GetItems("abcdefghijklmnopqrstuvwxyz".AsSpan(), 9))).ToArray();
        Assert.InRange(others.Count(other => index.Beginnings.MayHave(other.Aggregate(0UL, Beginnings.Extend))), 0, 400);
        Assert.InRange(index.Bytes / (double)index.Count, 0, 16);
    }

    [Fact]
    public void Join_OfTwoHashes_IsTheHashOfBothOneBehindTheOther()
    {
        var whole = "anything at all".Aggregate(0UL, Beginnings.Extend);
        var before = "anything".Aggregate(0UL, Beginnings.Extend);
        var first = "something".Aggregate(0UL, Beginnings.Extend);
        Assert.Equal("something at all".Aggregate(0UL, Beginnings.Extend), Beginnings.Join(first, whole, before, " at all".Length));
    }

    [Fact]
    public void Type_AnyWordsAndDigits_EqualsSortingThemAll()
    {
        var cases = from words in Words()
                    from length in Gen.Choose(1, 5)
                    from digits in Gen.Elements('2', '3', '9').ArrayOf(length)
                    from limit in Gen.Choose(0, WordIndex.MaxCompletions + 2)
                    select (words, Digits: new string(digits), limit);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            using var index = Index(given.words);
            var best = new int[given.limit];
            var found = best[..index.Type(given.Digits, best)].Select(index.Spelling).ToArray();
            var expected = Distinct(given.words)
                .Where(word => Keypad.DigitsOf(KeyOf(word.Spelling)).StartsWith(given.Digits, StringComparison.Ordinal))
                .OrderByDescending(word => Keypad.DigitsOf(KeyOf(word.Spelling)) == given.Digits)
                .ThenByDescending(word => word.Weight)
                .Select(word => word.Weight)
                .Take(Math.Min(given.limit, WordIndex.MaxCompletions));
            return found.All(word => Keypad.DigitsOf(KeyOf(word)).StartsWith(given.Digits, StringComparison.Ordinal))
                && found.Select(word => index.Weight(index.Find(KeyOf(word)))).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void After_PairsThatWereWritten_AreReadBestFirst()
    {
        using var index = Index(
            Words("a", "b", "c"),
            new WordFollowers("a", [new("c", 9), new("unknown", 8), new("b", 7)]),
            new WordFollowers("^", [new("b", 5)]),
            new WordFollowers("unknown", [new("b", 5)]));
        Assert.Equal([("c", 9), ("b", 7)], Read(index.Find("a")));
        Assert.Equal([("b", 5)], Read(WordPairs.SentenceStart));
        Assert.Empty(Read(index.Find("b")));

        IEnumerable<(string, int)> Read(int word) =>
            index.After(word).ToArray().Select(pair => (index.Spelling(WordPairs.Word(pair)), (int)WordPairs.Weight(pair)));
    }

    [Fact]
    public void Complete_NoWords_FindsNothing()
    {
        using var index = Index([]);
        Assert.Equal(0, index.Complete("a", new int[3]));
        Assert.Equal(-1, index.Find("a"));
        Assert.Equal(0, index.Type("2", new int[3]));
        Assert.True(index.After(WordPairs.SentenceStart).IsEmpty);
    }

    [Fact]
    public void Complete_PrefixLongerThanAnyWordMayBe_FindsNothing()
    {
        using var index = Index(Words("aaaa"));
        Assert.Equal(0, index.Complete(new string('a', 10_000), new int[3]));
        Assert.Equal(-1, index.Find(new string('a', 10_000)));
        Assert.Equal(0, index.Type(new string('2', 10_000), new int[3]));
    }

    private static WordIndex Index(IEnumerable<WeightedWord> words, params WordFollowers[] pairs)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
            {
                DictionaryWriter.Write(file, words, pairs);
            }

            return new WordIndex(DictionaryFile.Open(path));
        }
        finally
        {
            // What is mapped stays until it is unmapped.
            File.Delete(path);
        }
    }

    private static WeightedWord[] Words(params string[] spellings) => [.. spellings.Select(spelling => new WeightedWord(spelling, 1))];

    private static IEnumerable<WeightedWord> Distinct(IEnumerable<WeightedWord> words) =>
        words.GroupBy(word => KeyOf(word.Spelling)).Select(same => same.MaxBy(word => word.Weight));

    private static IEnumerable<string> NaiveCompletions(IEnumerable<WeightedWord> words, string key) => Distinct(words)
        .Where(word => key.Length > 0 && word.Spelling.Length > key.Length && KeyOf(word.Spelling).StartsWith(key, StringComparison.Ordinal))
        .OrderByDescending(word => word.Weight)
        .ThenBy(word => KeyOf(word.Spelling), StringComparer.Ordinal)
        .Select(word => word.Spelling);

    private static string KeyOf(string word) =>
        word.ToLowerInvariant().Replace('ё', 'е').Replace('\u2019', '\'');

    /// <summary>Few letters, so that many words share a beginning.</summary>
    private static Gen<string> Word(int longest) =>
        from length in Gen.Choose(1, longest)
        from letters in Gen.Elements('a', 'b', 'A', 'е', 'ё', 'Ё', '\'', 'я').ArrayOf(length)
        select new string(letters);

    private static Gen<WeightedWord[]> Words() =>
        from count in Gen.Choose(0, MostGenerated)
        from spellings in Word(6).ArrayOf(count)
        from weights in Gen.Choose(0, 20).ArrayOf(count)
        select spellings.Zip(weights, (spelling, weight) => new WeightedWord(spelling, (byte)weight)).ToArray();
}
