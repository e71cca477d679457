using Clearway.Storage.WebM;
using FsCheck;
using FsCheck.Fluent;

namespace Clearway.Storage.Tests.WebM;

/// <summary>What no list of cases thinks of: real files with bytes changed, removed, doubled and cut.</summary>
public sealed class WebmMutationTests
{
    private const int Mutants = 3000;

    // Clusters are repetitive; the head and a few of them hold every kind of element.
    private static readonly byte[] Original = [.. Sample.Bytes.AsSpan(0, 24_000)];

    [Fact]
    public void Scan_OfAnyMutant_EitherSealsToAValidFileOrIsRefused()
    {
        var mutant = from edits in Gen.Choose(1, 6).SelectMany(count => Edit().ListOf(count)) select edits.Aggregate(Original, Apply);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Mutants),
            Prop.ForAll(Arb.From(mutant, _ => []), file => HoldsAsync(file).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Scan_CutAnywhereBehindTheFirstFrame_SealsTheWholeFrames()
    {
        var firstFrameEnd = 260;
        for (var length = firstFrameEnd; length < 8000; length += 13)
        {
            var layout = await WebmFile.ScanAsync(Original[..length]);

            var end = layout.Media[^1].Start + layout.Media[^1].Length;
            Assert.InRange(end, firstFrameEnd, length);
        }
    }

    [Fact]
    public async Task Scan_OfEndlessSmallClusters_KeepsFewCues()
    {
        var cues = new CueList(spacing: 1, capacity: 64);
        for (var time = 0; time < 100_000; time++)
        {
            cues.Add(new Cue(time, time, 0));
        }

        Assert.InRange(cues.Cues.Count, 32, 64);
        Assert.Equal(cues.Cues.OrderBy(cue => cue.Time), cues.Cues);
        await Task.CompletedTask;
    }

    private static async Task<bool> HoldsAsync(byte[] file)
    {
        try
        {
            var sealedBytes = await WebmFile.SealAsync(file);
            Assert.NotEmpty(new SealedFile(sealedBytes).Places);
            var again = await WebmFile.ScanAsync(sealedBytes);
            return again.Duration >= TimeSpan.Zero && again.Cues.Count > 0;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    private static Gen<(int Kind, int At, int Length, byte Value)> Edit() =>
        from kind in Gen.Choose(0, 4)
        from early in Gen.Elements(true, false)
        from at in Gen.Choose(0, early ? 400 : Original.Length - 1)
        from length in Gen.Choose(1, 40)
        from value in Gen.Choose(0, 255)
        select (kind, at, length, (byte)value);

    private static byte[] Apply(byte[] file, (int Kind, int At, int Length, byte Value) edit)
    {
        if (file.Length == 0)
        {
            return file;
        }

        var at = Math.Min(edit.At, file.Length - 1);
        var end = Math.Min(at + edit.Length, file.Length);
        return edit.Kind switch
        {
            0 => [.. file[..at], edit.Value, .. file[(at + 1)..]],
            1 => [.. file[..at], .. file[end..]],
            2 => [.. file[..end], .. file[at..]],
            3 => file[..at],
            _ => [.. file[..at], (byte)(file[at] ^ (1 << (edit.Value & 7))), .. file[(at + 1)..]],
        };
    }
}
