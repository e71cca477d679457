using Clearway.Storage.WebM;

namespace Clearway.Storage.Tests.WebM;

public sealed class WebmScannerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Scan_InPiecesOfAnySize_FindsTheSame(int readSize)
    {
        var whole = await WebmFile.ScanAsync(Sample.Bytes);

        var pieces = await WebmFile.ScanAsync(Sample.Bytes, readSize);

        Assert.Equal(whole.Cues, pieces.Cues);
        Assert.Equal(whole.Media, pieces.Media);
        Assert.Equal(whole.Duration, pieces.Duration);
    }

    [Fact]
    public async Task Scan_TakesCuesFromTheVideoTrackOnly()
    {
        var layout = await WebmFile.ScanAsync(WebmFile.With(WebmFile.LiveCluster(
            0, WebmFile.Frame(2, 0, true), WebmFile.Frame(1, 10, true), WebmFile.Frame(2, 1500, true), WebmFile.Frame(1, 1600, false))));

        Assert.Equal([10L], layout.Cues.Select(cue => cue.Time));
        Assert.Equal(1UL, layout.CueTrack);
    }

    [Fact]
    public async Task Scan_WithoutKeyFrames_PointsAtTheFirstFrame()
    {
        var layout = await WebmFile.ScanAsync(WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 10, false))));

        Assert.Equal([10L], layout.Cues.Select(cue => cue.Time));
    }

    [Fact]
    public async Task Scan_TakesTheLastFramesDurationFromTheFrameBefore()
    {
        var layout = await WebmFile.ScanAsync(WebmFile.With(WebmFile.LiveCluster(
            0, WebmFile.Frame(1, 0, true), WebmFile.Frame(1, 40, false), WebmFile.Frame(1, 80, false))));

        Assert.Equal(TimeSpan.FromMilliseconds(120), layout.Duration);
    }

    [Fact]
    public async Task Scan_OfABlockGroup_UnderstandsKeyAndDuration()
    {
        byte[] block = [0x81, 0, 5, 0, 1, 2, 3];
        var group = WebmFile.Element(
            ElementId.BlockGroup, WebmFile.Element(ElementId.Block, block), WebmFile.Element(ElementId.BlockDuration, [50]));
        var referring = WebmFile.Element(
            ElementId.BlockGroup, WebmFile.Element(ElementId.Block, block), WebmFile.Element(ElementId.ReferenceBlock, [1]));

        var layout = await WebmFile.ScanAsync(WebmFile.With(WebmFile.LiveCluster(1000, group), WebmFile.LiveCluster(3000, referring)));

        Assert.Equal([1005L], layout.Cues.Select(cue => cue.Time));
        Assert.Equal(TimeSpan.FromMilliseconds(3005 + 1000), layout.Duration);
    }

    [Fact]
    public async Task Scan_OfACutFile_KeepsTheWholeFrames()
    {
        var whole = WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true), WebmFile.Frame(1, 40, false)));
        byte[] tail = WebmFile.Frame(1, 80, false)[..^3];

        var layout = await WebmFile.ScanAsync([.. whole, .. tail]);

        Assert.Equal(whole.Length, layout.Media[^1].Start + layout.Media[^1].Length);
    }

    [Fact]
    public async Task Scan_OfACutClusterOfKnownSize_LeavesItsSizeOpen()
    {
        var file = WebmFile.With(
            WebmFile.Cluster(0, WebmFile.Frame(1, 0, true), WebmFile.Frame(1, 40, false), WebmFile.Frame(1, 80, false)));

        var layout = await WebmFile.ScanAsync(file[..^3]);

        Assert.Contains(layout.Media, part => part.Replacement is { } bytes && Convert.ToHexString(bytes) == "1F43B67501FFFFFFFFFFFFFF");
        Assert.Equal(TimeSpan.FromMilliseconds(80), (await WebmFile.ScanAsync(await WebmFile.SealAsync(file[..^3]))).Duration);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "nothing", [] },
        { "text", "<html>not a recording</html>"u8.ToArray() },
        { "zeros", new byte[5000] },
        { "matroska", [.. WebmFile.Ebml("matroska"), .. WebmFile.With()[WebmFile.Ebml().Length..]] },
        { "EBML header that is too long", [.. WebmFile.Element(ElementId.Ebml, new byte[5000]), .. WebmFile.With()] },
        {
            "newer EBML",
            [
                .. WebmFile.Element(
                    ElementId.Ebml,
                    WebmFile.Element(ElementId.EbmlReadVersion, [2]),
                    WebmFile.Element(ElementId.DocType, "webm"u8.ToArray())),
            ]
        },
        { "header only", WebmFile.With() },
        { "no frames", WebmFile.With(WebmFile.LiveCluster(0)) },
        { "no Segment", [.. WebmFile.Ebml(), .. WebmFile.Cluster(0, WebmFile.Frame(1, 0, true))] },
        {
            "no Tracks",
            [.. WebmFile.Ebml(), .. WebmFile.Live(ElementId.Segment, WebmFile.Info(), WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true)))]
        },
        {
            "no Info",
            [
                .. WebmFile.Ebml(),
                .. WebmFile.Live(ElementId.Segment, WebmFile.Tracks(), WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))),
            ]
        },
        { "two Tracks", WebmFile.With(WebmFile.Tracks(), WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))) },
        {
            "two tracks of one number",
            [
                .. WebmFile.Ebml(),
                .. WebmFile.Live(
                    ElementId.Segment,
                    WebmFile.Info(),
                    WebmFile.Element(ElementId.Tracks, WebmFile.Track(1, 1), WebmFile.Track(1, 2)),
                    WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))),
            ]
        },
        { "unknown track", WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(9, 0, true))) },
        { "frame before its timestamp", WebmFile.With(WebmFile.Live(ElementId.Cluster, WebmFile.Frame(1, 0, true))) },
        { "two timestamps", WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Timestamp(1), WebmFile.Frame(1, 0, true))) },
        {
            "far future",
            WebmFile.With(
                WebmFile.Live(ElementId.Cluster, WebmFile.Element(ElementId.Timestamp, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])))
        },
        {
            "tick of zero",
            [
                .. WebmFile.Ebml(),
                .. WebmFile.Live(
                    ElementId.Segment,
                    WebmFile.Element(ElementId.Info, WebmFile.Element(ElementId.TimestampScale, [0])),
                    WebmFile.Tracks(),
                    WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))),
            ]
        },
        {
            "frame that claims a terabyte",
            WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true), [0xA3, 0x01, 0, 1, 0, 0, 0, 0, 0]))
        },
        {
            "child larger than its Cluster",
            WebmFile.With(WebmFile.Element(ElementId.Cluster, WebmFile.Timestamp(0), [0xA3, 0x90, 0x81, 0, 0, 0x80]))
        },
        { "frame without bytes", WebmFile.With(WebmFile.LiveCluster(0, [0xA3, 0x82, 0x81, 0], WebmFile.Frame(1, 0, true))) },
        { "frame of unknown size", WebmFile.With(WebmFile.LiveCluster(0, [0xA3, 0xFF, 0x81, 0, 0, 0x80])) },
        {
            "a second file behind",
            [
                .. WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))),
                .. WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true))),
            ]
        },
        { "Clusters within Clusters", WebmFile.With(Enumerable.Repeat(WebmFile.Live(ElementId.Cluster), 10_000).ToArray()) },
        {
            "masters within a Cluster",
            WebmFile.With(WebmFile.LiveCluster(0, Enumerable.Repeat(WebmFile.Live(ElementId.TrackEntry), 10_000).ToArray()))
        },
        {
            "endless cuts",
            WebmFile.With(
                Enumerable.Repeat(
                    (byte[])[.. WebmFile.Cluster(0, WebmFile.Frame(1, 0, true)), .. WebmFile.Element(ElementId.Tags)],
                    100).ToArray())
        },
        { "reserved id", WebmFile.With(WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true), [0xFF, 0x80])) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Scan_OfAMalformedFile_IsRefused(string what, byte[] file)
    {
        Assert.NotEmpty(what);
        await Assert.ThrowsAsync<InvalidDataException>(() => WebmFile.ScanAsync(file));
    }
}
