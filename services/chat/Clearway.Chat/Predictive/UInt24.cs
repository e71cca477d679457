namespace Clearway.Chat.Predictive;

/// <summary>A number of 24 bits, little-endian: a word's number in three bytes.</summary>
internal readonly struct UInt24
{
    public const int Size = 3;

    private readonly byte _low;
    private readonly byte _middle;
    private readonly byte _high;

    public UInt24(int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, 0xFFFFFFu);
        (_low, _middle, _high) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
    }

    public int Value => _low | (_middle << 8) | (_high << 16);
}
