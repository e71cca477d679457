using System.Runtime.CompilerServices;

namespace Clearway.Chat.Predictive;

/// <summary>
/// Tells letters that may be a word of a dictionary, or the beginning of one if they are at least <see cref="Shortest"/>, from letters that are
/// neither: a Bloom filter whose bits for one key lie in one 64-bit word. About one in fifty of the others passes; none is left out.
/// </summary>
internal sealed class Beginnings
{
    /// <summary>Fewest letters of a beginning that is told; shorter ones begin too much.</summary>
    public const int Shortest = 5;

    private const int BitsOfAKey = 10;
    private const ulong Base = 0x9E3779B97F4A7C15;

    /// <summary>Powers of the base, which join a hash to what follows it.</summary>
    private static readonly ulong[] Powers = PowersOf();

    private readonly ulong[] _blocks;

    public Beginnings(IReadOnlyCollection<ulong> hashes)
    {
        _blocks = new ulong[Math.Max(1, hashes.Count * BitsOfAKey / 64)];
        foreach (var hash in hashes)
        {
            var (place, bits) = Bits(hash);
            _blocks[place] |= bits;
        }
    }

    public int Bytes => _blocks.Length * sizeof(ulong);

    /// <summary>The hash of some letters and one more; that of none is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong hash, char letter) => (hash * Base) + letter + 1u;

    /// <summary>The hash of some letters and others behind them.</summary>
    /// <param name="first">Hash of the first ones.</param>
    /// <param name="whole">Hash of a sequence that ends with the others.</param>
    /// <param name="before">Hash of what stands before the others in it.</param>
    /// <param name="length">How many the others are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Join(ulong first, ulong whole, ulong before, int length) => whole + ((first - before) * Powers[length]);

    /// <summary>Whether letters of this hash may be a word, or begin one.</summary>
    public bool MayHave(ulong hash)
    {
        var (place, bits) = Bits(hash);
        return (_blocks[place] & bits) == bits;
    }

    // The low bits of the sum repeat soon; multiplied, each bit depends on all below it.
    private (int Place, ulong Bits) Bits(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        hash ^= hash >> 32;
        var bits = (1UL << (int)(hash & 63)) | (1UL << (int)((hash >> 6) & 63)) | (1UL << (int)((hash >> 12) & 63)) | (1UL << (int)((hash >> 18) & 63));
        return ((int)(((hash >> 32) * (ulong)_blocks.Length) >> 32), bits);
    }

    private static ulong[] PowersOf()
    {
        var powers = new ulong[Letters.LongestWord + 2];
        powers[0] = 1;
        for (var power = 1; power < powers.Length; power++)
        {
            powers[power] = powers[power - 1] * Base;
        }

        return powers;
    }
}
