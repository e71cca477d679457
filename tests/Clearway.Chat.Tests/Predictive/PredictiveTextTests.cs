using Clearway.Chat.Predictive;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public class PredictiveTextTests
{
    private static readonly PredictiveText Text = new();

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
    [InlineData("пока", "показать")]
    [InlineData("hel", "help")]
    [InlineData("tha", "that")]
    [InlineData("than", "thank")]
    [InlineData("meet", "meeting")]
    [InlineData("micro", "microphone")]
    [InlineData("prese", "present")]
    [InlineData("tomo", "tomorrow")]
    [InlineData("don", "don't")]
    public void Complete_EverydayBeginning_SuggestsTheEverydayWord(string prefix, string expected) =>
        Assert.Contains(expected, Text.Complete(prefix, 3));

    [Theory]
    [InlineData("пр", "привет")]
    [InlineData("прив", "привет")]
    [InlineData("pr", "привет")]
    [InlineData("priv", "привет")]
    [InlineData("ghbd", "привет")]
    [InlineData("spas", "спасибо")]
    [InlineData("skolk", "сколько")]
    [InlineData("zdravstvuy", "здравствуйте")]
    [InlineData("pozhal", "пожалуйста")]
    [InlineData("руд", "help")]
    [InlineData("руддщ", "hello")]
    [InlineData("ghbdtn", "привет")]
    public void Complete_OtherReading_ComesFirstWhereItIsTheLikelierOne(string prefix, string expected) =>
        Assert.Equal(expected, Text.Complete(prefix, 3)[0]);

    [Theory]
    [InlineData("do")]
    [InlineData("so")]
    [InlineData("me")]
    [InlineData("the")]
    [InlineData("for")]
    [InlineData("hello")]
    [InlineData("I think pr")]
    [InlineData("thank you, priv")]
    public void Complete_WordOfTheLanguage_IsLeftInItsAlphabet(string line) =>
        Assert.All(Text.Complete(line, 10), suggestion => Assert.All(suggestion, letter => Assert.False(Letters.IsCyrillic(letter))));

    [Theory]
    [InlineData("рука")]
    [InlineData("как")]
    [InlineData("мы и ру")]
    public void Complete_RussianWord_IsLeftInItsAlphabet(string line) =>
        Assert.All(Text.Complete(line, 10), suggestion => Assert.All(suggestion, letter => Assert.False(Letters.IsLatin(letter))));

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
    public void Complete_TypedCasing_IsCarriedOver(string line, string expected) => Assert.Contains(expected, Text.Complete(line, 10));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("привет ")]
    [InlineData("привет,")]
    [InlineData("'-'")]
    [InlineData("прpr")]
    [InlineData("grace@exa")]
    [InlineData("http://exa")]
    [InlineData("42pr")]
    [InlineData("שלום")]
    [InlineData("你好")]
    [InlineData("\ud83d")]
    [InlineData("\0")]
    [InlineData("zxqzxqzxq")]
    public void Complete_NothingToComplete_SuggestsNothing(string line) => Assert.Empty(Text.Complete(line, 10));

    [Fact]
    public void Complete_AnyLine_GivesFewDistinctWordsThatAreNotWhatWasTyped()
    {
        var lines = from letters in Gen.Elements("абвгдеёпрстpriveth'- \u2019\u0301ПРPR.,1".ToCharArray()).ArrayOf(6)
                    from limit in Gen.Choose(1, WordIndex.MaxCompletions)
                    select (Line: new string(letters), limit);
        Prop.ForAll(lines.ToArbitrary(), given =>
        {
            var suggestions = Text.Complete(given.Line, given.limit);
            return suggestions.Count <= given.limit
                && suggestions.Distinct(StringComparer.OrdinalIgnoreCase).Count() == suggestions.Count
                && suggestions.All(word => !given.Line.EndsWith(word, StringComparison.OrdinalIgnoreCase))
                && suggestions.SequenceEqual(Text.Complete(given.Line, given.limit));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Complete_EveryBeginningOfTwoLetters_NeverSuggestsAnUnwantedWord()
    {
        string[] unwanted = ["fuck", "shit", "cunt", "bitch", "бляд", "пизд", "хуй", "хуё", "ебат", "мудак"];
        var letters = "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя";
        var suggestions = from first in letters from second in letters from word in Text.Complete($"{first}{second}", 10) select word;
        Assert.DoesNotContain(suggestions, word => unwanted.Any(stem => word.StartsWith(stem, StringComparison.OrdinalIgnoreCase)));
    }
}
