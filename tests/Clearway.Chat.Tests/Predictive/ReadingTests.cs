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
    [InlineData("a'b", null)]
    [InlineData("хэб", null)]
    public void KeyboardLayout_Switch_ReadsTheSameKeys(string typed, string? meant) => Assert.Equal(meant, KeyboardLayout.Switch(typed));

    [Theory]
    [InlineData("привет, как де", "де", Script.Cyrillic, Script.Cyrillic, Casing.AsSpelt)]
    [InlineData("привет, Hel", "hel", Script.Latin, Script.Cyrillic, Casing.Capital)]
    [InlineData("DON\u2019T", "don't", Script.Latin, Script.None, Casing.Upper)]
    [InlineData("что-нибу", "что-нибу", Script.Cyrillic, Script.None, Casing.AsSpelt)]
    [InlineData("Я", "я", Script.Cyrillic, Script.None, Casing.Capital)]
    [InlineData("ЁЛ", "ел", Script.Cyrillic, Script.None, Casing.Upper)]
    internal void TypedWord_LastOf_ReadsTheWordAndItsSurroundings(string line, string key, Script script, Script context, Casing casing) =>
        Assert.Equal(new TypedWord(key, script, context, casing), TypedWord.LastOf(line));
}
