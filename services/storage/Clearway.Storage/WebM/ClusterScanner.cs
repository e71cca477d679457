namespace Clearway.Storage.WebM;

/// <summary>Walks the Clusters of a Segment (RFC 9559 section 5.1.3) to the end of the file.</summary>
internal sealed class ClusterScanner
{
    // Track number of up to 8 bytes, timestamp of 2, flags of 1 (RFC 9559 section 10.1).
    private const int MaxBlockHeaderBytes = 11;

    private readonly EbmlReader _reader;
    private readonly TrackTable _tracks;
    private readonly CueList _cues;
    private readonly List<MediaPart> _media = [];
    private readonly long _end;
    private readonly long _maxTicks;
    private readonly long _maxGuessedFrameTicks;

    private ElementHeader _cluster;
    private long? _clusterTime;
    private long _clusterOffset;
    private long _lastWhole;
    private long _partStart;
    private long _kept;
    private bool _hasFrames;
    private Cue? _firstFrame;

    public ClusterScanner(EbmlReader reader, TrackTable tracks, long timestampScale, long end)
    {
        (_reader, _tracks, _end) = (reader, tracks, end);
        _maxTicks = Ticks(WebmLimits.MaxDuration);
        _maxGuessedFrameTicks = Ticks(WebmLimits.MaxGuessedFrame);
        _cues = new CueList(Math.Max(1, Ticks(WebmLimits.CueSpacing)));

        long Ticks(TimeSpan span) => (long)((Int128)span.Ticks * 100 / timestampScale);
    }

    public IReadOnlyList<MediaPart> Media => _media;

    public IReadOnlyList<Cue> Cues => _cues.Cues.Count > 0 ? _cues.Cues : [_firstFrame!.Value];

    public long DurationTicks => _tracks.EndOfMedia(_maxGuessedFrameTicks);

    /// <summary>Walks from the first Cluster, whose header has been read, to the end.</summary>
    /// <exception cref="InvalidDataException">The Clusters are malformed, or hold no frame.</exception>
    public async Task ScanAsync(ElementHeader first, CancellationToken cancellationToken)
    {
        _partStart = first.Start;
        ElementHeader? next = first;
        while (next is { } header)
        {
            next = header.Id == ElementId.Cluster
                ? await ScanClusterAsync(header, cancellationToken)
                : await CutOutAsync(header, cancellationToken);
        }

        if (!_hasFrames)
        {
            throw new InvalidDataException("There is no frame.");
        }

        Keep(_lastWhole);
    }

    /// <summary>Reads a Cluster and the header that follows it; null at the end of the file.</summary>
    private async ValueTask<ElementHeader?> ScanClusterAsync(ElementHeader cluster, CancellationToken cancellationToken)
    {
        (_cluster, _clusterTime, _clusterOffset) = (cluster, null, _kept + cluster.Start - _partStart);
        while (!cluster.HasKnownSize || _reader.Position < cluster.End)
        {
            if (await NextAsync(cancellationToken) is not { } child)
            {
                LeaveOpenIfCut();
                return null;
            }

            if (ElementId.IsTopLevel(child.Id) && !cluster.HasKnownSize)
            {
                return child;
            }

            if (!child.HasKnownSize || child.Size > WebmLimits.MaxBlockBytes || (cluster.HasKnownSize && child.End > cluster.End))
            {
                throw new InvalidDataException($"Element {child.Id:X} at offset {child.Start} has no size or is too large.");
            }

            if (!await ScanChildAsync(child, cancellationToken))
            {
                LeaveOpenIfCut();
                return null;
            }

            _lastWhole = _hasFrames ? _reader.Position : _lastWhole;
        }

        return await NextAsync(cancellationToken);
    }

    private async ValueTask<ElementHeader?> NextAsync(CancellationToken cancellationToken) =>
        _reader.Position < _end ? await _reader.ReadHeaderAsync(cancellationToken) : null;

    /// <summary>Reads one child of a Cluster; false when the file ends within it.</summary>
    private async ValueTask<bool> ScanChildAsync(ElementHeader child, CancellationToken cancellationToken)
    {
        switch (child.Id)
        {
            case ElementId.Timestamp:
                if (child.Size > sizeof(ulong) || _clusterTime is not null)
                {
                    throw new InvalidDataException($"The Cluster at offset {_cluster.Start} has no single timestamp.");
                }

                if (await _reader.ReadAsync((int)child.Size, cancellationToken) is not { } time)
                {
                    return false;
                }

                var ticks = Ebml.ReadUnsigned(time);
                _clusterTime = ticks <= (ulong)_maxTicks
                    ? (long)ticks
                    : throw new InvalidDataException($"The Cluster at offset {_cluster.Start} lies more than a day ahead.");
                return true;

            case ElementId.SimpleBlock:
                var block = await ReadBlockAsync(child, cancellationToken);
                if (!await _reader.SkipAsync(child.End - _reader.Position, cancellationToken))
                {
                    return false;
                }

                NoteFrame(child, block, block.Flags >= 0x80, null);
                return true;

            case ElementId.BlockGroup:
                return await ScanBlockGroupAsync(child, cancellationToken);

            case ElementId.Position or ElementId.PrevSize or ElementId.Void or ElementId.Crc32:
                return await _reader.SkipAsync(child.Size, cancellationToken);

            default:
                throw new InvalidDataException($"Element {child.Id:X} at offset {child.Start} does not belong into a Cluster.");
        }
    }

    private async ValueTask<bool> ScanBlockGroupAsync(ElementHeader group, CancellationToken cancellationToken)
    {
        BlockHeader? block = null;
        var isKey = true;
        long? duration = null;
        while (_reader.Position < group.End)
        {
            if (await _reader.ReadHeaderAsync(cancellationToken) is not { } child)
            {
                return false;
            }

            if (!child.HasKnownSize || child.Size > WebmLimits.MaxBlockBytes || child.End > group.End)
            {
                throw new InvalidDataException($"Element {child.Id:X} at offset {child.Start} does not fit into its group.");
            }

            switch (child.Id)
            {
                case ElementId.Block:
                    block = await ReadBlockAsync(child, cancellationToken);
                    break;
                case ElementId.ReferenceBlock:
                    isKey = false;
                    break;
                case ElementId.BlockDuration when child.Size <= sizeof(ulong):
                    if (await _reader.ReadAsync((int)child.Size, cancellationToken) is not { } data)
                    {
                        return false;
                    }

                    duration = (long)Math.Min(Ebml.ReadUnsigned(data), (ulong)_maxTicks);
                    break;
            }

            if (!await _reader.SkipAsync(child.End - _reader.Position, cancellationToken))
            {
                return false;
            }
        }

        NoteFrame(group, block ?? throw new InvalidDataException($"The group at offset {group.Start} has no block."), isKey, duration);
        return true;
    }

    private async ValueTask<BlockHeader> ReadBlockAsync(ElementHeader block, CancellationToken cancellationToken)
    {
        var bytes = await _reader.PeekAsync((int)Math.Min(block.Size, MaxBlockHeaderBytes), cancellationToken);
        if (!Ebml.TryReadVint(bytes.Span, 8, out var track, out var length) || bytes.Length < length + 3)
        {
            // A file that ends here is found out by the skip that follows; a block that is too short is none.
            return block.Size >= MaxBlockHeaderBytes || bytes.Length < block.Size
                ? default
                : throw new InvalidDataException($"The block at offset {block.Start} is too short.");
        }

        var rest = bytes.Span[length..];
        return new BlockHeader(track, (short)((rest[0] << 8) | rest[1]), rest[2]);
    }

    private void NoteFrame(ElementHeader element, BlockHeader block, bool isKey, long? duration)
    {
        var clusterTime = _clusterTime
            ?? throw new InvalidDataException($"The Cluster at offset {_cluster.Start} has frames before its timestamp.");
        var time = Math.Max(0, clusterTime + block.RelativeTime);
        _tracks.Note(block.Track, time, duration);
        _hasFrames = true;

        var cue = new Cue(time, _clusterOffset, element.Start - _cluster.DataStart);
        _firstFrame ??= cue;
        if (isKey && block.Track == _tracks.CueTrack)
        {
            _cues.Add(cue);
        }
    }

    /// <summary>Drops an element that stands between Clusters: positions in it would be wrong, and players need none of it.</summary>
    private async ValueTask<ElementHeader?> CutOutAsync(ElementHeader header, CancellationToken cancellationToken)
    {
        if (!header.HasKnownSize
            || !(ElementId.IsTopLevel(header.Id) || header.Id is ElementId.Void or ElementId.Crc32)
            || _media.Count == WebmLimits.MaxCuts)
        {
            throw new InvalidDataException($"Element {header.Id:X} at offset {header.Start} does not belong between Clusters.");
        }

        Keep(header.Start);
        if (!await _reader.SkipAsync(header.Size, cancellationToken))
        {
            return null;
        }

        _partStart = _reader.Position;
        return await NextAsync(cancellationToken);
    }

    private void Keep(long end)
    {
        if (end > _partStart)
        {
            _media.Add(new MediaPart(_partStart, end - _partStart));
            _kept += end - _partStart;
        }

        _partStart = Math.Max(_partStart, end);
    }

    /// <summary>A Cluster that was cut has not the size that it states: give it the unknown size, in as many bytes.</summary>
    private void LeaveOpenIfCut()
    {
        if (!_cluster.HasKnownSize || _lastWhole <= _cluster.DataStart)
        {
            return;
        }

        Keep(_cluster.Start);
        var header = new byte[_cluster.DataStart - _cluster.Start];
        header.AsSpan().Fill(0xFF);
        new byte[] { 0x1F, 0x43, 0xB6, 0x75 }.CopyTo(header, 0);
        header[4] = (byte)(0xFF >> (header.Length - 5));
        _media.Add(new MediaPart(0, header.Length, header));
        _kept += header.Length;
        _partStart = _cluster.DataStart;
    }

    private readonly record struct BlockHeader(ulong Track, short RelativeTime, byte Flags);
}
