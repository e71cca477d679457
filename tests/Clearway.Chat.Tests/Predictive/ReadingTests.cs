using Clearway.Chat.Predictive;
using Xunit;

namespace Clearway.Chat.Tests.Predictive;

public class ReadingTests
{
    [Theory]
    [InlineData("privet", "привет")]
    [InlineData("spasibo", "спасибо")]
    [InlineData("chto", "что")]
    [InlineData("yeshche", "еще")]
    [InlineData("skolko", "сколько")]
    [InlineData("bolshoy", "большой")]
    [InlineData("vstrecha", "встреча")]
    [InlineData("horosho", "хорошо")]
    [InlineData("khorosho", "хорошо")]
    [InlineData("ya", "я")]
    [InlineData("ty", "ты")]
    [InlineData("krasivyy", "красивый")]
    [InlineData("moy", "мой")]
    [InlineData("eto", "это")]
    [InlineData("znat'", "знать")]
    public void Transliteration_RussianInLatinLetters_IsAmongTheReadings(string latin, string russian) =>
        Assert.Contains(russian, Transliteration.Read(latin));

    [Fact]
    public void Transliteration_ManyAmbiguousLetters_StaysBounded() =>
        Assert.InRange(Transliteration.Read(new string('e', Letters.LongestWord)).Count, 1, Transliteration.MaxReadings);

    [Theory]
    [InlineData("-")]
    [InlineData("a-b")]
    public void Transliteration_SignWithoutASound_HasNoReading(string latin) => Assert.Empty(Transliteration.Read(latin));

    [Theory]
    [InlineData("ghbdtn", "привет")]
    [InlineData("руддщ", "hello")]
    [InlineData("k.,jdm", "любовь")]
    [InlineData("хэб", "[',")]
    [InlineData("a-b", null)]
    [InlineData("ёж", null)]
    public void KeyboardLayout_Switch_ReadsTheSameKeys(string typed, string? meant) => Assert.Equal(meant, KeyboardLayout.Switch(typed));

    [Theory]
    [InlineData("привет, как де", "де", Script.Cyrillic, Script.Cyrillic, Casing.AsSpelt, "как")]
    [InlineData("привет, Hel", "hel", Script.Latin, Script.Cyrillic, Casing.Capital, "привет")]
    [InlineData("DON\u2019T", "don't", Script.Latin, Script.None, Casing.Upper, "^")]
    [InlineData("Да. что-нибу", "что-нибу", Script.Cyrillic, Script.Cyrillic, Casing.AsSpelt, "^")]
    [InlineData("Я", "я", Script.Cyrillic, Script.None, Casing.Capital, "^")]
    [InlineData("ЁЛ", "ел", Script.Cyrillic, Script.None, Casing.Upper, "^")]
    [InlineData("мои\u0306 дом", "дом", Script.Cyrillic, Script.Cyrillic, Casing.AsSpelt, "мой")]
    [InlineData("42 раза", "раза", Script.Cyrillic, Script.None, Casing.AsSpelt, null)]
    internal void TypedLine_EndOf_ReadsTheWordAndItsSurroundings(
        string line, string key, Script script, Script context, Casing casing, string? before)
    {
        var typed = TypedLine.EndOf(line);
        Assert.Equal(new TypedLine(Typing.Word, key, key.Length, script, casing, before, context), typed);
    }

    [Theory]
    [InlineData("мои\u0306", "мой", 4)]
    [InlineData("е\u0308лка", "елка", 5)]
    public void TypedLine_EndOf_ComposesWhatMacKeyboardsTakeApart(string line, string key, int length)
    {
        var typed = TypedLine.EndOf(line);
        Assert.Equal((key, length), (typed?.Key, typed?.Length));
    }

    [Theory]
    [InlineData("4663", "4663")]
    [InlineData("go 4663", "4663")]
    [InlineData("room42", null)]
    [InlineData("2026-11", null)]
    [InlineData("2010", null)]
    [InlineData("7", null)]
    public void TypedLine_EndOf_TakesDigitsForKeysOnlyWhereTheyStandAlone(string line, string? digits) =>
        Assert.Equal(digits, TypedLine.EndOf(line)?.Key);

    [Theory]
    [InlineData("teh", "the")]
    [InlineData("helllo", "hello")]
    [InlineData("helo", "hello")]
    [InlineData("hwllo", "hello")]
    [InlineData("првиет", "привет")]
    [InlineData("привт", "привет")]
    public void Misspelling_OfOneSlip_IncludesTheWordThatWasMeant(string typed, string meant)
    {
        using var index = WordIndex.Open(Scripts.Of(typed) == Script.Latin ? "en" : "ru");
        Span<char> word = stackalloc char[Letters.LongestWord + 1];
        var found = false;
        foreach (var slip in new Misspelling(typed, Scripts.Of(typed), typed.Length, index.Beginnings, word))
        {
            found |= word[..slip.Length].SequenceEqual(meant);
        }

        Assert.True(found);
    }
}
