namespace Clearway.Storage.Recordings;

/// <summary>
/// The bytes of one upload between their arrival and their commit: while one block is on its way to the blob server, the next is gathered, so
/// an upload holds two of them at most.
/// </summary>
/// <param name="store">Takes the blocks.</param>
/// <param name="usage">Tells whether the tenant may store a block.</param>
/// <param name="memory">Where the blocks are gathered; <see cref="LeastBytes"/> of it are set aside for this upload.</param>
/// <param name="recording">What is uploaded to, as it stood before.</param>
/// <param name="blocks">Its blocks; those of this upload are added behind them.</param>
/// <param name="checksum">What the bytes are to match, if the client said so.</param>
internal sealed class Upload(
    RecordingStore store, TenantUsage usage, BlockMemory memory, StoredRecording recording, List<StoredBlock> blocks, UploadChecksum? checksum)
    : IAsyncDisposable
{
    /// <summary>Memory that an upload cannot do without.</summary>
    public const int LeastBytes = 2 * BlockBuffer.FirstBytes;

    // A cut connection does not end a block's way to the blob server: its bytes are to be kept.
    private readonly CancellationTokenSource _ended = new();

    private BlockBuffer _gathered = new(memory);
    private BlockBuffer? _sent;
    private Task<StoredBlock>? _staging;
    private long _reservedBytes;
    private bool _isMerged;

    public StoredRecording Recording => recording;

    public UploadChecksum? Checksum => checksum;

    /// <summary>Bytes of the recording once all that has arrived is stored.</summary>
    public long Bytes { get; private set; } = recording.SizeBytes;

    public bool IsFull => _gathered.IsFull;

    /// <summary>Takes as many bytes as the block still has room for, and returns their number.</summary>
    public int Append(ReadOnlySpan<byte> chunk)
    {
        var taken = _gathered.Append(chunk);
        Bytes += taken;
        return taken;
    }

    /// <summary>Sends what was gathered on its way, once the block before has arrived.</summary>
    /// <returns>Why it was not sent, or null.</returns>
    public async Task<Refusal?> StageAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        if (_gathered.Length == 0)
        {
            return null;
        }

        if (!_isMerged)
        {
            // Not before there are bytes to be stored: otherwise whoever sends none could have others written anew as often as they like.
            await BlockMerge.MergeTailAsync(store, memory, recording, blocks, cancellationToken);
            _isMerged = true;
        }

        if (blocks.Count >= RecordingLimits.MaxBlocks)
        {
            return Refusal.StorageFull;
        }

        if (!await usage.TryReserveAsync(recording.Tenant, _gathered.Length, cancellationToken))
        {
            return Refusal.QuotaExceeded;
        }

        _reservedBytes += _gathered.Length;
        (_gathered, _sent) = (_sent ?? new BlockBuffer(memory), _gathered);
        var bytes = _sent.Bytes;
        _staging = Task.Run(() => store.StageAsync(recording.Id, bytes, _ended.Token), CancellationToken.None);
        return null;
    }

    /// <summary>The recording's blocks, with those that were sent; all of them have arrived.</summary>
    public async Task<IReadOnlyList<StoredBlock>> BlocksAsync(CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken);
        return blocks;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        if (_staging is { } staging)
        {
            await ((Task)staging).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        usage.Release(recording.Tenant, _reservedBytes);
        _gathered.Dispose();
        _sent?.Dispose();
        _ended.Dispose();
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (_staging is { } staging)
        {
            blocks.Add(await staging.WaitAsync(cancellationToken));
            _staging = null;
            _sent!.Clear();
        }
    }
}
