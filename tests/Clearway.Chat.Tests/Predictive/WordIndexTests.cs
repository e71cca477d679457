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
            var index = Index(given.words);
            var key = KeyOf(given.prefix);
            var best = new int[given.limit];
            var found = best[..index.Complete(key, best)].Select(word => index.Spelling(word).ToString());
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
            var index = Index(given.words);
            var key = KeyOf(given.key);
            var word = index.Find(key);
            var expected = given.words.FirstOrDefault(other => KeyOf(other) == key);
            return expected is null ? word == -1 : word >= 0 && index.Spelling(word).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Complete_EveryPrefixOfTheFrequentWords_EqualsSortingThemAll(string language)
    {
        var list = WordList.Read(language).ToList();
        var words = list.Take(2000).Select(word => word.Spelling).ToArray();
        var index = Index(words);
        var best = new int[WordIndex.MaxCompletions];
        foreach (var prefix in words.Take(300).SelectMany(word => Enumerable.Range(1, word.Length).Select(length => KeyOf(word[..length]))).Distinct())
        {
            var found = best[..index.Complete(prefix, best)].Select(word => index.Spelling(word).ToString());
            Assert.Equal(NaiveCompletions(words, prefix).Take(WordIndex.MaxCompletions), found);
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Overhead_OfABuiltInList_IsAtMostSixteenBytesAWord(string language)
    {
        var index = new WordIndex(WordList.Read(language));
        Assert.InRange((double)index.OverheadBytes / index.Count, 9, 16);
    }

    [Fact]
    public void Complete_NoWords_FindsNothing()
    {
        var index = Index([]);
        Assert.Equal(0, index.Complete("a", new int[3]));
        Assert.Equal(-1, index.Find("a"));
    }

    [Fact]
    public void Complete_PrefixLongerThanAnyWordMayBe_FindsNothing() =>
        Assert.Equal(0, Index(["aaaa"]).Complete(new string('a', 10_000), new int[3]));

    private static WordIndex Index(IEnumerable<string> words) => new(words.Select(word => new WeightedWord(word, 1)));

    private static IEnumerable<string> NaiveCompletions(IEnumerable<string> words, string key) => words
        .DistinctBy(KeyOf)
        .Where(word => key.Length > 0 && word.Length > key.Length && KeyOf(word).StartsWith(key, StringComparison.Ordinal));

    private static string KeyOf(string word) =>
        word.ToLowerInvariant().Replace('ё', 'е').Replace('\u2019', '\'');

    /// <summary>Few letters, so that many words share a beginning.</summary>
    private static Gen<string> Word(int longest) =>
        from length in Gen.Choose(1, longest)
        from letters in Gen.Elements('a', 'b', 'A', 'е', 'ё', 'Ё', '\'', 'я').ArrayOf(length)
        select new string(letters);

    private static Gen<string[]> Words() =>
        from count in Gen.Choose(0, MostGenerated)
        from words in Word(6).ArrayOf(count)
        select words;
}
