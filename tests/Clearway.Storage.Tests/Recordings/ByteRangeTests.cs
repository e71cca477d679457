using Clearway.Storage.Recordings;

namespace Clearway.Storage.Tests.Recordings;

public sealed class ByteRangeTests
{
    private const string Tag = "\"abc\"";

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-499", 0, 500)]
    [InlineData("bytes=500-999", 500, 500)]
    [InlineData("bytes=500-", 500, 500)]
    [InlineData("bytes=500-99999999999999999999999", 500, 500)]
    [InlineData("bytes=-1", 999, 1)]
    [InlineData("bytes=-1000", 0, 1000)]
    [InlineData("bytes=-5000", 0, 1000)]
    [InlineData("bytes=999-999", 999, 1)]
    [InlineData("BYTES=1-2", 1, 2)]
    [InlineData("bytes= 1-2 ,", 1, 2)]
    [InlineData("bytes=,,1-2", 1, 2)]
    public void Evaluate_OfASingleRange_GivesItsBytes(string range, long first, long length)
    {
        Assert.Equal([new ByteRange(first, length)], ByteRange.Evaluate(range, "", 1000, Tag));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=١-٢")]
    [InlineData("bytes=0-0,x")]
    [InlineData("bytes=0-,0-0")]
    [InlineData("bytes=0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0,0-0")]
    [InlineData("items=0-5")]
    [InlineData("bytes")]
    public void Evaluate_OfNoRangeToHeed_GivesTheWholeFile(string range)
    {
        Assert.Equal([], ByteRange.Evaluate(range, "", 1000, Tag));
    }

    [Fact]
    public void Evaluate_OfSeveralRanges_GivesThemInTheOrderAskedFor()
    {
        Assert.Equal(
            [new ByteRange(900, 100), new ByteRange(0, 1), new ByteRange(5, 2)],
            ByteRange.Evaluate("bytes=-100, 0-0,, 2000-, 5-6", "", 1000, Tag));
    }

    [Theory]
    [InlineData("bytes=1000-,2000-,-0", 1000)]
    [InlineData("bytes=1000-", 1000)]
    [InlineData("bytes=1000-2000", 1000)]
    [InlineData("bytes=99999999999999999999999-", 1000)]
    [InlineData("bytes=-0", 1000)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-5", 0)]
    public void Evaluate_BeyondTheEnd_GivesNothing(string range, long size)
    {
        Assert.Null(ByteRange.Evaluate(range, "", size, Tag));
    }

    [Theory]
    [InlineData(Tag, true)]
    [InlineData("\"other\"", false)]
    [InlineData("W/\"abc\"", false)]
    [InlineData("abc", false)]
    [InlineData("Fri, 20 Nov 2026 14:00:00 GMT", false)]
    public void Evaluate_WithIfRange_HeedsTheRangeOnlyForTheSameTag(string ifRange, bool isPartial)
    {
        Assert.Equal(isPartial, ByteRange.Evaluate("bytes=0-9", ifRange, 1000, Tag)!.Count > 0);
    }
}
