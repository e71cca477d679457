namespace Clearway.Signaling.Framing;

/// <summary>A payload in up to four pieces that are sent as one: what is the same for many frames is not copied together first.</summary>
internal readonly ref struct FrameBytes(
    ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default, ReadOnlySpan<byte> fourth = default)
{
    private readonly ReadOnlySpan<byte> _first = first;
    private readonly ReadOnlySpan<byte> _second = second;
    private readonly ReadOnlySpan<byte> _third = third;
    private readonly ReadOnlySpan<byte> _fourth = fourth;

    internal int Length => _first.Length + _second.Length + _third.Length + _fourth.Length;

    internal ReadOnlySpan<byte> this[int piece] => piece switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };

    /// <summary>How many pieces the indexer has.</summary>
    internal static int Pieces => 4;

    internal void CopyTo(Span<byte> to)
    {
        _first.CopyTo(to);
        to = to[_first.Length..];
        _second.CopyTo(to);
        to = to[_second.Length..];
        _third.CopyTo(to);
        _fourth.CopyTo(to[_third.Length..]);
    }

    internal byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }
}
