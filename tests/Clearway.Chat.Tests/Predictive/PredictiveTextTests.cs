using Clearway.Chat.Predictive;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public class PredictiveTextTests
{
    private static readonly PredictiveText Text = new(new SpokenWords(TimeProvider.System));

    [Theory]
    [InlineData("пр", "привет")]
    [InlineData("при", "привет")]
    [InlineData("спас", "спасибо")]
    [InlineData("пож", "пожалуйста")]
    [InlineData("здрав", "здравствуйте")]
    [InlineData("хоро", "хорошо")]
    [InlineData("микр", "микрофон")]
    [InlineData("през", "презентация")]
    [InlineData("созв", "созвон")]
    [InlineData("колл", "коллеги")]
    [InlineData("доб", "добрый")]
    [InlineData("отпр", "отправлю")]
    [InlineData("hel", "help")]
    [InlineData("tha", "that")]
    [InlineData("than", "thank")]
    [InlineData("meet", "meeting")]
    [InlineData("micro", "microphone")]
    [InlineData("prese", "present")]
    [InlineData("tomo", "tomorrow")]
    [InlineData("don", "don't")]
    public void Predict_EverydayBeginning_SuggestsTheEverydayWord(string prefix, string expected) => Assert.Contains(expected, Words(prefix, 3));

    [Theory]
    [InlineData("привет, как д", "дела")]
    [InlineData("добрый в", "вечер")]
    [InlineData("see you l", "later")]
    [InlineData("have a nice w", "weekend")]
    public void Predict_WordBefore_MakesItsFollowersLikelier(string line, string expected) => Assert.Contains(expected, Words(line, 3));

    [Theory]
    [InlineData("thank ", "you")]
    [InlineData("Thank  ", "you")]
    [InlineData("большое ", "спасибо")]
    [InlineData("к ", "сожалению")]
    [InlineData("looking ", "forward")]
    public void Predict_SpaceBehindAWord_TellsTheNextOne(string line, string expected)
    {
        var prediction = Text.Predict(line, 10);
        Assert.Contains(expected, prediction.Words);
        Assert.Equal(0, prediction.Replaced);
    }

    [Theory]
    [InlineData("pr", "привет")]
    [InlineData("priv", "привет")]
    [InlineData("ghbd", "привет")]
    [InlineData("spas", "спасибо")]
    [InlineData("skolk", "сколько")]
    [InlineData("zdravstvuyt", "здравствуйте")]
    [InlineData("pozhal", "пожалуйста")]
    [InlineData("руд", "help")]
    [InlineData("руддщ", "hello")]
    [InlineData("ghbdtn", "привет")]
    [InlineData("k.,jdm", "любовь")]
    [InlineData("xnj,s", "чтобы")]
    [InlineData("спасибо, [jhjij", "хорошо")]
    public void Predict_OtherReading_ComesFirstWhereItIsTheLikelierOne(string line, string expected) => Assert.Equal(expected, Words(line, 3)[0]);

    [Theory]
    [InlineData("4663", "good", "home")]
    [InlineData("I am going 4663", "good", "home")]
    [InlineData("43556", "hello")]
    [InlineData("564236", "привет")]
    public void Predict_DigitsOfAKeypad_SuggestTheWordsTheyType(string line, params string[] expected) =>
        Assert.Subset(Words(line, 5).ToHashSet(), expected.ToHashSet());

    [Theory]
    [InlineData("teh", "the")]
    [InlineData("recieve", "receive")]
    [InlineData("tomorow", "tomorrow")]
    [InlineData("meetign", "meeting")]
    [InlineData("првиет", "привет")]
    [InlineData("спасбо", "спасибо")]
    [InlineData("здраствуйте", "здравствуйте")]
    [InlineData("микрофн", "микрофон")]
    public void Predict_OneSlip_IsRepaired(string line, string expected) => Assert.Equal(expected, Words(line, 3)[0]);

    [Theory]
    [InlineData("do")]
    [InlineData("so")]
    [InlineData("me")]
    [InlineData("the")]
    [InlineData("for")]
    [InlineData("hello")]
    [InlineData("I think pr")]
    [InlineData("thank you, priv")]
    public void Predict_WordOfTheLanguage_IsLeftInItsAlphabet(string line) =>
        Assert.All(Words(line, 10), suggestion => Assert.All(suggestion, letter => Assert.False(Letters.IsCyrillic(letter))));

    [Theory]
    [InlineData("рука")]
    [InlineData("как")]
    [InlineData("мы и ру")]
    public void Predict_RussianWord_IsLeftInItsAlphabet(string line) =>
        Assert.All(Words(line, 10), suggestion => Assert.All(suggestion, letter => Assert.False(Letters.IsLatin(letter))));

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    public void Predict_WordOfADictionary_IsNeitherRepairedNorReadInTheOtherLayout(string language)
    {
        using var index = WordIndex.Open(language);
        var everyTenth = Enumerable.Range(0, index.Count).Where(word => word % 10 == 0).Select(index.Spelling);
        Assert.All(everyTenth, word =>
        {
            var (key, script) = (Letters.KeyOf(word)!, Scripts.Of(word));
            var suggested = Words(word, 10);
            Assert.All(suggested.Where(other => Scripts.Of(other) == script), other => Assert.StartsWith(key, Letters.KeyOf(other), StringComparison.Ordinal));
            if (script == Script.Cyrillic)
            {
                Assert.All(suggested, other => Assert.Equal(Script.Cyrillic, Scripts.Of(other)));
            }
        });
    }

    [Theory]
    [InlineData("Пр", "Привет")]
    [InlineData("ПРИ", "ПРИВЕТ")]
    [InlineData("Pr", "Привет")]
    [InlineData("Ghbd", "Привет")]
    [InlineData("Hell", "Hello")]
    [InlineData("HELL", "HELLO")]
    [InlineData("mon", "Monday")]
    [InlineData("Ну, при", "привет")]
    [InlineData("(при", "привет")]
    [InlineData("-при", "привет")]
    public void Predict_TypedCasing_IsCarriedOver(string line, string expected) => Assert.Contains(expected, Words(line, 10));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("привет,")]
    [InlineData("Привет! ")]
    [InlineData("hello.")]
    [InlineData("'-'")]
    [InlineData("прpr")]
    [InlineData("grace@exa")]
    [InlineData("http://exa")]
    [InlineData("42pr")]
    [InlineData("в 2010")]
    [InlineData("שלום")]
    [InlineData("你好")]
    [InlineData("\ud83d")]
    [InlineData("при\u0301")]
    [InlineData("а\u0308")]
    [InlineData("\0")]
    [InlineData("zxqzxqzxq")]
    public void Predict_NothingToSuggest_SuggestsNothing(string line) => Assert.Empty(Words(line, 10));

    [Fact]
    public void Predict_AnyLine_GivesFewDistinctWordsThatAreNotWhatWasTyped()
    {
        var lines = from letters in Gen.Elements("абвгдеёийпрстpriveth'- \u2019\u0301\u0306\u0308ПРPR.,[;1246\ud83d\udc4d\u200d".ToCharArray()).ArrayOf(8)
                    from limit in Gen.Choose(1, WordIndex.MaxCompletions)
                    select (Line: new string(letters), limit);
        Prop.ForAll(lines.ToArbitrary(), given => IsSound(given.Line, given.limit)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Predict_AnyCodeUnitsUpToTheLongestLine_IsSound()
    {
        var lines = from length in Gen.Choose(0, PredictiveTextEndpoint.LongestLine)
                    from units in Gen.Choose(0, char.MaxValue).ArrayOf(length)
                    from end in Gen.Elements("", "при", "hel", "4663", " ", "и\u0306", "\ud800", ";", "k.,")
                    select string.Concat(units.Select(unit => (char)unit)) + end;
        Prop.ForAll(lines.ToArbitrary(), line => IsSound(line, 5)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Predict_LineOfAnyLength_LooksAtItsEndAlone()
    {
        // A million of the same would take minutes if each character were looked at more than a few times.
        foreach (var unit in (string[])["при", "a", "2", " ", "'", "и\u0306", ";", "\ud83d", "k.,"])
        {
            var line = string.Concat(Enumerable.Repeat(unit, 1_000_000));
            Assert.InRange(Text.Predict(line, 3).Words.Count, 0, 3);
        }
    }

    [Fact]
    public void Predict_EveryBeginningOfTwoLetters_NeverSuggestsAnUnwantedWord()
    {
        string[] unwanted = ["fuck", "shit", "cunt", "bitch", "бляд", "пизд", "хуй", "хуё", "ебат", "мудак"];
        var letters = "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя";
        var suggestions = from first in letters from second in letters from word in Words($"{first}{second}", 10) select word;
        Assert.DoesNotContain(suggestions, word => unwanted.Any(stem => word.StartsWith(stem, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsSound(string line, int limit)
    {
        var prediction = Text.Predict(line, limit);
        var typed = line[^prediction.Replaced..];
        return prediction.Words.Count <= limit
            && prediction.Words.Distinct(StringComparer.OrdinalIgnoreCase).Count() == prediction.Words.Count
            && prediction.Words.All(word => !string.Equals(word, typed, StringComparison.OrdinalIgnoreCase) && !word.Any(char.IsSurrogate))
            && prediction.Words.SequenceEqual(Words(line, limit));
    }

    private static IReadOnlyList<string> Words(string line, int limit) => Text.Predict(line, limit).Words;
}
