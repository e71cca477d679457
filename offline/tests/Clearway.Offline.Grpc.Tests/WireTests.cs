using Grpc.Core;
using Grpc.Wire;

namespace Clearway.Offline.Grpc.Tests;

public sealed class WireTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("ü\n人", "%C3%BC%0A%E4%BA%BA")]
    [InlineData("", "")]
    public void Message_Encoded_IsPrintableAscii(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("100%")]
    [InlineData("%zz")]
    public void Message_WithBrokenEncoding_StaysAsItIs(string text) => Assert.Equal(text, PercentEncoding.Decode(text));

    [Theory]
    [InlineData("2H", 7_200_000)]
    [InlineData("3M", 180_000)]
    [InlineData("4S", 4_000)]
    [InlineData("5m", 5)]
    [InlineData("6000u", 6)]
    [InlineData("7000000n", 7)]
    public void Timeout_OfEachUnit_IsUnderstood(string header, int milliseconds)
    {
        Assert.True(TimeoutHeader.TryParse(header, out var timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Theory]
    [InlineData(-1, "1n")]
    [InlineData(0.2, "1m")]
    [InlineData(300, "300m")]
    [InlineData(99_999_999, "99999999m")]
    [InlineData(100_000_001, "100001S")]
    [InlineData(1e15, "99999999S")]
    public void Timeout_Formatted_HasAtMostEightDigits(double milliseconds, string expected) =>
        Assert.Equal(expected, TimeoutHeader.Format(TimeSpan.FromTicks((long)Math.Min(milliseconds * 1e4, long.MaxValue / 2))));

    [Fact]
    public void Metadata_Keys_AreLowerCaseAndFitTheirValues()
    {
        var metadata = new Metadata { { "Some-Key", "a" }, { "some-key", "b" }, { "raw-bin", [1] } };

        Assert.Equal("b", metadata.GetValue("SOME-KEY"));
        Assert.Equal(2, metadata.GetAll("some-key").Count());
        Assert.Throws<ArgumentException>(() => metadata.Add("text-bin", "a"));
        Assert.Throws<ArgumentException>(() => metadata.Add("text", [1]));
        Assert.Throws<ArgumentException>(() => metadata.Add("no spaces", "a"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
    }
}
