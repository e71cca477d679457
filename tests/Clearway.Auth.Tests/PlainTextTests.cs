using Clearway.Auth.Rooms;

namespace Clearway.Auth.Tests;

/// <summary>Names and titles that people may have.</summary>
public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Ada Lovelace\u00A0", "Ada Lovelace")]
    [InlineData("Zoe\u0308", "Zo\u00EB")]
    [InlineData("Жанна д'Арк", "Жанна д'Арк")]
    [InlineData("محمد", "محمد")]
    [InlineData("می\u200Cخواهم", "می\u200Cخواهم")]
    [InlineData("👩\u200D🚀", "👩\u200D🚀")]
    [InlineData("<b>\"&'", "<b>\"&'")]
    public void Name_OfAPerson_IsKeptComposedAndTrimmed(string typed, string kept)
    {
        Assert.True(DisplayName.TryParse(typed, out var name));
        Assert.Equal(kept, name.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u3000\u00A0")]
    [InlineData("\u200D")]
    [InlineData("\u200B")]
    [InlineData("\u0301")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("Ada\n")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u2029b")]
    [InlineData("a\u202Ab")]
    [InlineData("a\u202Bb")]
    [InlineData("a\u202Cb")]
    [InlineData("a\u202Db")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2066b")]
    [InlineData("a\u2067b")]
    [InlineData("a\u2068b")]
    [InlineData("a\u2069b")]
    [InlineData("a\u200Bb")]
    [InlineData("a\uFEFFb")]
    [InlineData("a\u00ADb")]
    public void Name_Deceptive_IsRefused(string? typed) => Assert.False(DisplayName.TryParse(typed, out _));

    [Fact]
    public void Name_OfHalfASurrogatePair_IsRefused() => Assert.False(DisplayName.TryParse("a" + (char)0xD800 + "b", out _));

    [Fact]
    public void Name_Length_IsOfTextElementsAndBounded()
    {
        Assert.True(DisplayName.TryParse(string.Concat(Enumerable.Repeat("👩\u200D🚀", 64)), out _));
        Assert.False(DisplayName.TryParse(string.Concat(Enumerable.Repeat("👩\u200D🚀", 65)), out _));
        Assert.False(DisplayName.TryParse("a" + new string('\u0301', 5000), out _));
        Assert.False(DisplayName.TryParse(new string('a', 1_000_000), out _));
        Assert.True(RoomTitle.TryParse(new string('a', 120), out _));
        Assert.False(RoomTitle.TryParse(new string('a', 121), out _));
    }
}
