using System.Globalization;
using System.Net;
using Clearway.Signaling.Protocol;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

public class ChatTextTests
{
    [Theory]
    [InlineData("plain\ntext", "plain\ntext")]
    [InlineData("a\0b\rc\td\u001be\u007ff\u0085g", "abcdefg")]
    [InlineData("user\u202Egnp.exe\u202C", "usergnp.exe")]
    [InlineData("\u2066a\u2067b\u2068c\u2069d\u202Ae\u202Bf\u202D", "abcdef")]
    [InlineData("\u200Eמ\u200F \u061Cع", "\u200Eמ\u200F \u061Cع")]
    [InlineData("न\u200Dम\u200C👨\u200D👩\u200B\uFEFF\u2060", "न\u200Dम\u200C👨\u200D👩\u200B\uFEFF\u2060")]
    public void Strip_TakesControlAndDirectionOverrides_AndNothingElse(string text, string kept) =>
        Assert.Equal(kept, ChatText.Strip(text));

    [Fact]
    public void Refuse_CountsTextElements()
    {
        const string Family = "👨‍👩‍👧‍👦";
        Assert.Null(ChatText.Refuse(string.Concat(Enumerable.Repeat(Family, 1_000))));
        Assert.Equal(Refusal.ChatTooLong, ChatText.Refuse(string.Concat(Enumerable.Repeat(Family, 1_001))));
        Assert.Equal(Refusal.ChatTooLong, ChatText.Refuse(new string('a', 1_001)));
        Assert.Equal(Refusal.ChatEmpty, ChatText.Refuse(" \n\u2003"));
    }

    [Fact]
    public void Refuse_CountsBytes_WhereOneTextElementHasMany()
    {
        var longest = "a" + string.Concat(Enumerable.Repeat("\u0301", (ChatText.MaxBytes - 1) / 2)) + "b";
        Assert.Null(ChatText.Refuse(longest));
        Assert.Equal(Refusal.ChatTooLong, ChatText.Refuse(longest + "c"));
        Assert.Equal(Refusal.ChatTooLong, ChatText.Refuse("a" + string.Concat(Enumerable.Repeat("🏻", 16_370))));
    }

    [Fact]
    public void ToHtml_OfAnyText_MeansNothingInHtmlAndReadsBackToTheLetter()
    {
        // Every character of the first plane that a message can have, and some of the others.
        var characters = Enumerable.Range(0, 0x10000).Where(c => !char.IsSurrogate((char)c)).Select(c => ((char)c).ToString());
        var text = ChatText.Strip(string.Concat(characters) + "👨‍👩‍👧‍👦 𝒳 \U000E0067");

        var html = ChatText.ToHtml(text);

        Assert.Equal(text, WebUtility.HtmlDecode(html));
        Assert.DoesNotContain(html, c => c < 0x80 && !char.IsAsciiLetterOrDigit(c) && !".,-_&#;".Contains(c, StringComparison.Ordinal));
        Assert.DoesNotContain(html, char.IsWhiteSpace);
    }

    [Theory]
    [InlineData("👍", true)]
    [InlineData("👍🏽", true)]
    [InlineData("❤", true)]
    [InlineData("❤️", true)]
    [InlineData("⭐", true)]
    [InlineData("🇩🇪", true)]
    [InlineData("1️⃣", true)]
    [InlineData("👩‍💻", true)]
    [InlineData("👨‍👩‍👧‍👦", true)]
    [InlineData("🏳️‍🌈", true)]
    [InlineData("🏴󠁧󠁢󠁷󠁬󠁳󠁿", true)]
    [InlineData("🫡", true)]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("1", false)]
    [InlineData("+1", false)]
    [InlineData("<", false)]
    [InlineData("👍👍", false)]
    [InlineData("👍 ", false)]
    [InlineData("👍\u0301", false)]
    [InlineData("e\u0301", false)]
    [InlineData("🇩", false)]
    [InlineData("\u200D", false)]
    [InlineData("🏽", false)]
    [InlineData("─", false)]
    [InlineData("你", false)]
    [InlineData("👨‍👩‍👧‍👦‍👧‍👦", false)]
    public void Emoji_IsOne_WhenItIsExactlyOne(string text, bool isOne) => Assert.Equal(isOne, Emoji.IsOne(text));

    [Fact]
    public void Emoji_OfEveryRegion_IsOne()
    {
        foreach (var region in CultureInfo.GetCultures(CultureTypes.SpecificCultures).Select(culture => culture.Name[^2..]).Where(IsCode))
        {
            var flag = string.Concat(region.Select(letter => char.ConvertFromUtf32(0x1F1E6 + letter - 'A')));
            Assert.True(Emoji.IsOne(flag), region);
        }

        static bool IsCode(string text) => text.All(char.IsAsciiLetterUpper);
    }
}
