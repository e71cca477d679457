using Clearway.Storage.WebM;

namespace Clearway.Storage.Tests.WebM;

/// <summary>Builds files element by element, right or wrong as a test needs them.</summary>
internal static class WebmFile
{
    public static byte[] Ebml(string docType = "webm") =>
        Element(ElementId.Ebml, Element(ElementId.DocType, System.Text.Encoding.ASCII.GetBytes(docType)));

    public static byte[] Info(params byte[][] children) =>
        Element(ElementId.Info, [Element(ElementId.TimestampScale, [0x0F, 0x42, 0x40]), .. children]);

    /// <summary>Track 1 is video, track 2 is audio.</summary>
    public static byte[] Tracks() => Element(ElementId.Tracks, Track(2, 2), Track(1, 1));

    public static byte[] Track(byte number, byte type) =>
        Element(ElementId.TrackEntry, Element(ElementId.TrackNumber, [number]), Element(ElementId.TrackType, [type]));

    /// <summary>A Cluster of known size.</summary>
    public static byte[] Cluster(ushort time, params byte[][] blocks) => Element(ElementId.Cluster, [Timestamp(time), .. blocks]);

    /// <summary>A Cluster of unknown size.</summary>
    public static byte[] LiveCluster(ushort time, params byte[][] blocks) => Live(ElementId.Cluster, [Timestamp(time), .. blocks]);

    public static byte[] Timestamp(ushort time) => Element(ElementId.Timestamp, [(byte)(time >> 8), (byte)time]);

    public static byte[] Frame(byte track, short time, bool isKey, int size = 10) =>
        Element(ElementId.SimpleBlock, [(byte)(0x80 | track), (byte)(time >> 8), (byte)time, (byte)(isKey ? 0x80 : 0), .. new byte[size]]);

    public static byte[] Live(uint id, params byte[][] children) =>
        [.. Element(id)[..^8], 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. children.SelectMany(child => child)];

    public static byte[] Element(uint id, params byte[][] children)
    {
        var writer = new EbmlWriter();
        writer.Header(id, children.Sum(child => child.Length));
        foreach (var child in children)
        {
            writer.Raw(child);
        }

        return writer.ToArray();
    }

    /// <summary>A live file of the usual order with these elements behind Tracks.</summary>
    public static byte[] With(params byte[][] elements) => [.. Ebml(), .. Live(ElementId.Segment, [Info(), Tracks(), .. elements])];

    public static async Task<WebmLayout> ScanAsync(byte[] file, int readSize = int.MaxValue)
    {
        using var stream = new TrickleStream(file, readSize);
        return await WebmScanner.ScanAsync(stream, default);
    }

    /// <summary>The sealed file that belongs to a recording.</summary>
    public static async Task<byte[]> SealAsync(byte[] file)
    {
        var layout = await ScanAsync(file);
        return [.. SealedHeader.Write(layout), .. layout.Media.SelectMany(part =>
            part.Replacement ?? file.AsSpan((int)part.Start, (int)part.Length).ToArray())];
    }

    /// <summary>A stream that gives a few bytes a time, as networks do.</summary>
    private sealed class TrickleStream(byte[] bytes, int readSize) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, readSize)], cancellationToken);
    }
}
