namespace Clearway.Storage.WebM;

/// <summary>
/// Reads a WebM file as MediaRecorder writes it live (RFC 8794, RFC 9559) once from front to back, and finds out its duration, its
/// key frames and which of its bytes are whole Clusters. Descends a fixed number of levels, holds no media in memory, and takes a
/// file that ends anywhere behind the first frame for a recording that was cut.
/// </summary>
internal sealed class WebmScanner
{
    private readonly EbmlReader _reader;
    private long _end = long.MaxValue;

    private byte[] _ebmlHeader = [];
    private byte[]? _infoChildren;
    private byte[]? _tracksElement;
    private long _timestampScale = 1_000_000;

    private WebmScanner(EbmlReader reader) => _reader = reader;

    /// <summary>Scans a file.</summary>
    /// <exception cref="InvalidDataException">The file is no WebM, holds no frame, or is outside <see cref="WebmLimits"/>.</exception>
    public static Task<WebmLayout> ScanAsync(Stream file, CancellationToken cancellationToken) =>
        new WebmScanner(new EbmlReader(file)).ScanAsync(cancellationToken);

    private async Task<WebmLayout> ScanAsync(CancellationToken cancellationToken)
    {
        await ReadEbmlHeaderAsync(cancellationToken);
        await EnterSegmentAsync(cancellationToken);

        var cluster = await ReadUpToFirstClusterAsync(cancellationToken);
        if (_infoChildren is null || _tracksElement is null)
        {
            throw new InvalidDataException("Info or Tracks is missing before the first Cluster.");
        }

        var tracks = TrackTable.Parse(DataOf(_tracksElement), _timestampScale);
        var clusters = new ClusterScanner(_reader, tracks, _timestampScale, _end);
        await clusters.ScanAsync(cluster, cancellationToken);

        return new WebmLayout
        {
            EbmlHeader = _ebmlHeader,
            InfoChildren = _infoChildren,
            Tracks = _tracksElement,
            TimestampScale = _timestampScale,
            CueTrack = tracks.CueTrack,
            Cues = clusters.Cues,
            Media = clusters.Media,
            DurationTicks = clusters.DurationTicks,
        };
    }

    private async ValueTask ReadEbmlHeaderAsync(CancellationToken cancellationToken)
    {
        var first = await _reader.PeekAsync(Ebml.MaxHeaderBytes, cancellationToken);
        if (!Ebml.TryReadHeader(first.Span, 0, out var header)
            || header is not { Id: ElementId.Ebml, Size: >= 0 and <= WebmLimits.MaxEbmlHeaderBytes })
        {
            throw new InvalidDataException("The file does not begin with an EBML header.");
        }

        _ebmlHeader = await _reader.ReadAsync((int)header.End, cancellationToken)
            ?? throw new InvalidDataException("The file ends within its EBML header.");
        CheckEbmlHeader(DataOf(_ebmlHeader));
    }

    private static void CheckEbmlHeader(ReadOnlySpan<byte> children)
    {
        var isWebm = false;
        while (Ebml.TryTakeChild(ref children, out var id, out var data, out _))
        {
            var isSupported = id switch
            {
                ElementId.EbmlReadVersion => Ebml.ReadUnsigned(data) == 1,
                ElementId.EbmlMaxIdLength => Ebml.ReadUnsigned(data) == 4,
                ElementId.EbmlMaxSizeLength => Ebml.ReadUnsigned(data) is > 0 and <= 8,
                ElementId.DocTypeReadVersion => Ebml.ReadUnsigned(data) <= 4,
                _ => true,
            };
            if (!isSupported)
            {
                throw new InvalidDataException("The file asks for a newer version of EBML or WebM.");
            }

            isWebm |= id == ElementId.DocType && data.TrimEnd((byte)0).SequenceEqual("webm"u8);
        }

        if (!isWebm)
        {
            throw new InvalidDataException("The file's document type is not webm.");
        }
    }

    private async ValueTask EnterSegmentAsync(CancellationToken cancellationToken)
    {
        if (await _reader.ReadHeaderAsync(cancellationToken) is not { Id: ElementId.Segment } segment)
        {
            throw new InvalidDataException("No Segment follows the EBML header.");
        }

        if (segment.HasKnownSize)
        {
            _end = segment.End;
        }
    }

    private async ValueTask<ElementHeader> ReadUpToFirstClusterAsync(CancellationToken cancellationToken)
    {
        while (_reader.Position < _end && await _reader.ReadHeaderAsync(cancellationToken) is { } header)
        {
            switch (header.Id)
            {
                case ElementId.Cluster:
                    return header;
                case ElementId.Info when _infoChildren is null:
                    ReadInfo(await ReadDataAsync(header, WebmLimits.MaxInfoBytes, cancellationToken));
                    break;
                case ElementId.Tracks when _tracksElement is null:
                    var data = await ReadDataAsync(header, WebmLimits.MaxTracksBytes, cancellationToken);
                    var element = new EbmlWriter();
                    element.Header(ElementId.Tracks, data.Length);
                    element.Raw(data);
                    _tracksElement = element.ToArray();
                    break;
                case ElementId.Info or ElementId.Tracks or ElementId.Ebml or ElementId.Segment:
                    throw new InvalidDataException($"Element {header.Id:X} at offset {header.Start} is one too many.");
                default:
                    await SkipAsync(header, cancellationToken);
                    break;
            }
        }

        throw new InvalidDataException("There is no Cluster.");
    }

    private void ReadInfo(ReadOnlySpan<byte> children)
    {
        var kept = new EbmlWriter();
        while (Ebml.TryTakeChild(ref children, out var id, out var data, out var whole))
        {
            if (id == ElementId.TimestampScale)
            {
                var scale = Ebml.ReadUnsigned(data);
                _timestampScale = scale is > 0 and <= 1_000_000_000
                    ? (long)scale
                    : throw new InvalidDataException($"A tick of {scale} ns is outside 1 ns to 1 s.");
            }

            if (id is not (ElementId.Duration or ElementId.Crc32 or ElementId.Void))
            {
                kept.Raw(whole);
            }
        }

        _infoChildren = kept.ToArray();
    }

    private async ValueTask<byte[]> ReadDataAsync(ElementHeader header, int maxBytes, CancellationToken cancellationToken)
    {
        if (!header.HasKnownSize || header.Size > maxBytes)
        {
            throw new InvalidDataException($"Element {header.Id:X} at offset {header.Start} has no size or over {maxBytes} bytes.");
        }

        return await _reader.ReadAsync((int)header.Size, cancellationToken)
            ?? throw new InvalidDataException($"The file ends within element {header.Id:X}.");
    }

    private async ValueTask SkipAsync(ElementHeader header, CancellationToken cancellationToken)
    {
        if (!header.HasKnownSize || !await _reader.SkipAsync(header.Size, cancellationToken))
        {
            throw new InvalidDataException($"The file ends within element {header.Id:X}.");
        }
    }

    private static ReadOnlySpan<byte> DataOf(byte[] element) =>
        Ebml.TryReadHeader(element, 0, out var header) ? element.AsSpan((int)header.DataStart) : default;
}
