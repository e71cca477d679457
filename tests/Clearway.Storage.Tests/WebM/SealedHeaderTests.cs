namespace Clearway.Storage.Tests.WebM;

public sealed class SealedHeaderTests
{
    [Fact]
    public async Task Seal_OfABrowsersRecording_GivesDurationAndCuesThatPointAtKeyFrames()
    {
        var file = new SealedFile(await WebmFile.SealAsync(Sample.Bytes));

        Assert.InRange(file.Duration, Sample.Duration.TotalMilliseconds - 100, Sample.Duration.TotalMilliseconds + 100);
        var cues = file.Cues().ToList();
        Assert.True(cues.Count >= 2, "Twenty seconds hold at least two key frames.");
        Assert.All(cues, cue => Assert.Equal(cue.CueTime, cue.FrameTime));
        Assert.All(cues, cue => Assert.True(cue.IsKey));
    }

    [Fact]
    public async Task Seal_OfABrowsersRecording_LeavesItsClustersUntouched()
    {
        var file = await WebmFile.SealAsync(Sample.Bytes);

        Assert.Equal(Sample.Bytes[Sample.FirstCluster..], file[^(Sample.Bytes.Length - Sample.FirstCluster)..]);
    }

    [Fact]
    public async Task Seal_OfASealedFile_ChangesNothing()
    {
        var once = await WebmFile.SealAsync(Sample.Bytes);

        Assert.Equal(once, await WebmFile.SealAsync(once));
    }

    [Fact]
    public async Task Seal_WithElementsBetweenClusters_KeepsCuesRight()
    {
        var first = WebmFile.LiveCluster(0, WebmFile.Frame(1, 0, true));
        var cues = WebmFile.Element(Storage.WebM.ElementId.Cues, new byte[33]);
        var second = WebmFile.Cluster(2000, WebmFile.Frame(2, 0, true), WebmFile.Frame(1, 5, true));
        var third = WebmFile.LiveCluster(4000, WebmFile.Frame(1, 7, true));

        var file = new SealedFile(await WebmFile.SealAsync(WebmFile.With(first, cues, second, cues, third)));

        Assert.Equal([(0, 0, true), (2005, 2005, true), (4007, 4007, true)], file.Cues());
    }
}
