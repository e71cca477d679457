using Clearway.Chat.Predictive;
using Clearway.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public class SpokenWordsTests
{
    private static readonly RoomScope Standup = new("acme", "standup");
    private static readonly RoomScope Retro = new("acme", "retro");
    private static readonly RoomScope Elsewhere = new("globex", "standup");

    private readonly ManualTime _clock = new();
    private readonly SpokenWords _spoken;

    public SpokenWordsTests() => _spoken = new SpokenWords(_clock);

    [Fact]
    public void Word_SaidOnce_IsNotSuggestedYet()
    {
        _spoken.Learn(Standup, "ask Quuxomatic");
        Assert.Empty(Suggested("quu", Standup));
        _spoken.Learn(Standup, "Quuxomatic agreed");
        Assert.Equal(["Quuxomatic"], Suggested("quu", Standup));
    }

    [Fact]
    public void Word_SaidInLowerCaseToo_IsNoName()
    {
        _spoken.Learn(Standup, "Блокчейнить будем? Не будем блокчейнить");
        Assert.Equal(["блокчейнить"], Suggested("блокч", Standup));
    }

    [Fact]
    public void Word_OfOneRoom_StaysInIt()
    {
        SayTwice(Standup, "quuxomatic");
        Assert.Empty(Suggested("quu", Retro));
        Assert.Empty(Suggested("quu", Elsewhere));
    }

    [Fact]
    public void Word_OfTwoRooms_IsTheTenants()
    {
        _spoken.Learn(Standup, "quuxomatic");
        _spoken.Learn(Retro, "quuxomatic");
        Assert.Equal(["quuxomatic"], Suggested("quu", new RoomScope("acme", "planning")));
        Assert.Empty(Suggested("quu", Elsewhere));
    }

    [Fact]
    public void Word_NotSaidForLong_Fades()
    {
        SayTwice(Standup, "quuxomatic");
        _clock.Advance(Vocabulary.HalfLife);
        Assert.Equal(["quuxomatic"], Suggested("quu", Standup));
        _clock.Advance(Vocabulary.HalfLife + TimeSpan.FromSeconds(1));
        Assert.Empty(Suggested("quu", Standup));
        _spoken.Learn(Standup, "quuxomatic");
        Assert.Equal(["quuxomatic"], Suggested("quu", Standup));
    }

    [Fact]
    public void Word_OfTheDictionary_RisesByBeingSaid()
    {
        using var text = new PredictiveText(_spoken);
        Assert.NotEqual("premature", text.Predict("prem", 1, Standup).Words[0]);
        for (var times = 0; times < 10; times++)
        {
            _spoken.Learn(Standup, "Premature. That is premature!");
        }

        Assert.Equal("premature", text.Predict("prem", 1, Standup).Words[0]);
        Assert.NotEqual("premature", text.Predict("prem", 1, Elsewhere).Words[0]);
    }

    [Fact]
    public void Word_Learned_IsReadFromTheOtherLayoutToo()
    {
        using var text = new PredictiveText(_spoken);
        SayTwice(Standup, "клирвей");
        Assert.Equal("клирвей", text.Predict("rkbhd", 3, Standup).Words[0]);
    }

    [Theory]
    [InlineData("https://exa.mple/quuxomatic")]
    [InlineData("quuxomatic@exa.mple")]
    [InlineData("quuxomatic1")]
    [InlineData("qUuXoMaTic")]
    [InlineData("quux_omatic")]
    [InlineData("quuxоmatic with a Cyrillic о")]
    [InlineData("quuxomaticquuxomaticquuxomatic")]
    public void Text_ThatIsNoWord_IsNeverLearned(string text)
    {
        SayTwice(Standup, text);
        Assert.Empty(Suggested("quu", Standup));
    }

    [Fact]
    public void Word_Unwanted_IsNeverLearned()
    {
        SayTwice(Standup, "shitstormy");
        Assert.Empty(Suggested("shi", Standup));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Quuxomatic")]
    public void ForgetRoom_OnRequest_TakesItFromTheTenantToo(string? word)
    {
        SayTwice(Standup, "quuxomatic");
        SayTwice(Standup, "quuxifying");
        _spoken.ForgetRoom(Standup, word);
        Assert.Equal(word is null ? [] : ["quuxifying"], Suggested("quu", Standup));

        _spoken.Learn(Retro, "quuxomatic");
        Assert.Empty(Suggested("quux", new RoomScope("acme", "planning")));
    }

    [Fact]
    public void ForgetTenant_OnRequest_TakesItFromAllItsRoomsAndNoOthers()
    {
        SayTwice(Standup, "quuxomatic");
        SayTwice(Retro, "quuxomatic");
        SayTwice(Elsewhere, "quuxomatic");
        _spoken.ForgetTenant("acme", null);
        Assert.Empty(Suggested("quu", Standup));
        Assert.Empty(Suggested("quu", Retro));
        Assert.Equal(["quuxomatic"], Suggested("quu", Elsewhere));
    }

    [Fact]
    public void Vocabulary_ThatIsFull_DropsWhatWasSaidLeast()
    {
        var vocabulary = new Vocabulary(16);
        for (var word = 0; word < 100; word++)
        {
            var key = $"word{(char)('a' + (word / 10))}{(char)('a' + (word % 10))}";
            vocabulary.Mention(key, key, Script.Latin, 1, _clock.GetUtcNow());
            vocabulary.Mention("often", "often", Script.Latin, 1, _clock.GetUtcNow());
            Assert.InRange(vocabulary.Count, 1, 16);
        }

        var found = new List<LearnedWord>();
        vocabulary.Find("of", 1, _clock.GetUtcNow(), found);
        Assert.Equal("often", Assert.Single(found).Spelling);
    }

    [Fact]
    public void RecentlyUsed_ThatIsFull_DropsTheOneLeastLatelyUsed()
    {
        var map = new RecentlyUsed<int, string>(2, key => $"{key}");
        map.GetOrAdd(1);
        map.GetOrAdd(2);
        map.Find(1);
        map.GetOrAdd(3);
        Assert.Equal((true, false, true), (map.Find(1) is not null, map.Find(2) is not null, map.Find(3) is not null));
    }

    [Fact]
    public void Vocabulary_AnyMentions_FindsThoseOfThePrefixSorted()
    {
        var cases = from words in (from length in Gen.Choose(1, 5) from letters in Gen.Elements('a', 'b', 'я').ArrayOf(length) select new string(letters)).ArrayOf(60)
                    from prefix in Gen.Elements("a", "b", "я", "ab", "яя")
                    select (words, prefix);
        Prop.ForAll(cases.ToArbitrary(), given =>
        {
            var vocabulary = new Vocabulary(1000);
            foreach (var word in given.words)
            {
                vocabulary.Mention(word, word, Scripts.Of(word), 1, _clock.GetUtcNow());
            }

            var found = new List<LearnedWord>();
            vocabulary.Find(given.prefix, 1, _clock.GetUtcNow(), found);
            var expected = given.words.GroupBy(word => word)
                .Where(same => same.Count() > 1 && same.Key.Length > given.prefix.Length && same.Key.StartsWith(given.prefix, StringComparison.Ordinal))
                .Select(same => same.Key)
                .Order(StringComparer.Ordinal);
            return found.Select(word => word.Key).SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Learn_AnyText_IsTakenWithoutHarm()
    {
        var texts = from length in Gen.Choose(0, 300)
                    from units in Gen.Choose(0, char.MaxValue).ArrayOf(length)
                    select string.Concat(units.Select(unit => (char)unit)) + " \ud800 и\u0306 \u0306 - '' я\u0301";
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            _spoken.Learn(Standup, text);
            return true;
        }).QuickCheckThrowOnFailure();
    }

    private void SayTwice(RoomScope room, string text)
    {
        _spoken.Learn(room, text);
        _spoken.Learn(room, text);
    }

    private IEnumerable<string> Suggested(string prefix, RoomScope room)
    {
        var found = new List<LearnedWord>();
        _spoken.In(room)?.Find(prefix, found);
        return found.Select(word => word.Spelling);
    }
}
