namespace Clearway.Storage.WebM;

/// <summary>
/// Reads elements off a stream from front to back, holding no more than one buffer. A file that ends early is no error
/// here: every call tells it by its result, since a recording's tail may be cut anywhere.
/// </summary>
internal sealed class EbmlReader(Stream source)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _next;
    private int _filled;

    /// <summary>Offset of the next unread byte.</summary>
    public long Position { get; private set; }

    /// <summary>Reads an id and a size.</summary>
    /// <returns>Null when the file ends before or within them.</returns>
    /// <exception cref="InvalidDataException">The bytes are no element.</exception>
    public async ValueTask<ElementHeader?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await FillAsync(Ebml.MaxHeaderBytes, cancellationToken);
        if (!Ebml.TryReadHeader(_buffer.AsSpan(_next, _filled - _next), Position, out var header))
        {
            return null;
        }

        Advance((int)(header.DataStart - header.Start));
        return header;
    }

    /// <summary>Reads data as one piece.</summary>
    /// <returns>Null when the file ends within it.</returns>
    public async ValueTask<byte[]?> ReadAsync(int count, CancellationToken cancellationToken)
    {
        // Grows with what really arrives: a length that lies costs nothing.
        using var data = new MemoryStream();
        while (data.Length < count)
        {
            await FillAsync(1, cancellationToken);
            var taken = Math.Min(_filled - _next, count - (int)data.Length);
            if (taken == 0)
            {
                return null;
            }

            data.Write(_buffer, _next, taken);
            Advance(taken);
        }

        return data.ToArray();
    }

    /// <summary>Shows up to <paramref name="count"/> bytes without taking them; fewer at the end of the file.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekAsync(int count, CancellationToken cancellationToken)
    {
        await FillAsync(count, cancellationToken);
        return _buffer.AsMemory(_next, Math.Min(count, _filled - _next));
    }

    /// <summary>Passes over data.</summary>
    /// <returns>False when the file ends within it.</returns>
    public async ValueTask<bool> SkipAsync(long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            await FillAsync(1, cancellationToken);
            var taken = (int)Math.Min(_filled - _next, count);
            if (taken == 0)
            {
                return false;
            }

            Advance(taken);
            count -= taken;
        }

        return true;
    }

    private void Advance(int count)
    {
        _next += count;
        Position += count;
    }

    private async ValueTask FillAsync(int wanted, CancellationToken cancellationToken)
    {
        if (_filled - _next >= wanted)
        {
            return;
        }

        _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
        (_next, _filled) = (0, _filled - _next);
        while (_filled < wanted)
        {
            var read = await source.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _filled += read;
        }
    }
}
