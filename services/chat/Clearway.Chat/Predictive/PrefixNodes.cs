using System.Numerics;
using System.Runtime.InteropServices;

namespace Clearway.Chat.Predictive;

/// <summary>
/// The prefixes that begin many words: for each its range of words and the best of them, found by hash. As bytes: the number of nodes
/// and of slots (32 bits each), the slots (16 bits: a node's number and one, 0 for none), padding to four bytes, the nodes.
/// </summary>
internal readonly ref struct PrefixNodes(ReadOnlySpan<byte> section)
{
    /// <summary>Best words kept a node.</summary>
    public const int Best = 10;

    /// <summary>Fewest words of a node; the words of a shorter range are looked through.</summary>
    public const int FewestWords = 64;

    private readonly ReadOnlySpan<ushort> _slots =
        MemoryMarshal.Cast<byte, ushort>(section.Slice(8, MemoryMarshal.Read<int>(section[4..]) * sizeof(ushort)));

    private readonly ReadOnlySpan<Node> _nodes =
        MemoryMarshal.Cast<byte, Node>(section[(8 + DictionaryFile.Padded(MemoryMarshal.Read<int>(section[4..]) * sizeof(ushort)))..]);

    /// <summary>Chooses the best words of a range.</summary>
    /// <param name="first">First place.</param>
    /// <param name="end">Behind the last place.</param>
    /// <param name="prefixLength">Length of the prefix they share.</param>
    /// <returns>The words' numbers, best first.</returns>
    public delegate IEnumerable<int> Selection(int first, int end, int prefixLength);

    public int First(int node) => _nodes[node].First;

    public int End(int node) => _nodes[node].End;

    public ReadOnlySpan<UInt24> BestOf(int node) => _nodes[node].BestWords;

    /// <summary>Hashes every beginning of a prefix; <paramref name="hashes"/>[n] is that of its first n characters.</summary>
    public static void Hash(ReadOnlySpan<char> prefix, Span<uint> hashes)
    {
        var hash = 2166136261u;
        for (var index = 0; index < prefix.Length; index++)
        {
            hash = (hash ^ prefix[index]) * 16777619u;
            hashes[index + 1] = hash ^ (hash >> 15);
        }
    }

    /// <summary>Finds the node that may be a prefix's: the caller compares its first word.</summary>
    /// <returns>The node, or -1.</returns>
    public int Find(uint hash, int length)
    {
        for (var slot = hash; ; slot++)
        {
            var node = _slots[(int)(slot & (uint)(_slots.Length - 1))] - 1;
            if (node < 0 || (_nodes[node].Hash == hash && _nodes[node].Length == length))
            {
                return node;
            }
        }
    }

    /// <summary>Writes the section for keys.</summary>
    /// <param name="keys">All keys, sorted by code unit.</param>
    /// <param name="select">Chooses a node's best words; at least <see cref="Best"/> of <see cref="FewestWords"/>.</param>
    public static byte[] Build(string[] keys, Selection select)
    {
        var nodes = new List<Node>();
        Add(nodes, keys, (0, keys.Length), 0, select);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(nodes.Count, ushort.MaxValue);

        var slots = new ushort[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, nodes.Count * 3 / 2))];
        for (var node = 0; node < nodes.Count; node++)
        {
            var slot = nodes[node].Hash;
            while (slots[slot & (uint)(slots.Length - 1)] != 0)
            {
                slot++;
            }

            slots[slot & (uint)(slots.Length - 1)] = (ushort)(node + 1);
        }

        // At least sixteen slots, so no padding is needed behind them.
        return [.. BitConverter.GetBytes(nodes.Count), .. BitConverter.GetBytes(slots.Length),
            .. MemoryMarshal.AsBytes(slots.AsSpan()), .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(nodes))];
    }

    private static void Add(List<Node> nodes, string[] keys, (int First, int End) range, int length, Selection select)
    {
        var (first, end) = range;

        // Keys that end here come first and begin no longer prefix.
        while (first < end && keys[first].Length == length)
        {
            first++;
        }

        while (first < end)
        {
            var letter = keys[first][length];
            var next = first + 1;
            while (next < end && keys[next][length] == letter)
            {
                next++;
            }

            if (next - first >= FewestWords)
            {
                nodes.Add(new Node(keys[first].AsSpan(0, length + 1), first, next, select(first, next, length + 1)));
                Add(nodes, keys, (first, next), length + 1, select);
            }

            first = next;
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly struct Node
    {
        private readonly uint _first;
        private readonly uint _end;
        private readonly uint _hash;
        private readonly TenWords _best;
        private readonly byte _length;

        public Node(ReadOnlySpan<char> prefix, int first, int end, IEnumerable<int> best)
        {
            Span<uint> hashes = stackalloc uint[Letters.LongestWord + 1];
            PrefixNodes.Hash(prefix, hashes);
            (_first, _end, _hash, _length) = ((uint)first, (uint)end, hashes[prefix.Length], (byte)prefix.Length);
            var place = 0;
            foreach (var word in best)
            {
                _best[place++] = new UInt24(word);
            }
        }

        public int First => (int)_first;

        public int End => (int)_end;

        public uint Hash => _hash;

        public int Length => _length;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ReadOnlySpan<UInt24> BestWords => _best;

        [System.Runtime.CompilerServices.InlineArray(PrefixNodes.Best)]
        private struct TenWords
        {
            private UInt24 _element;
        }
    }
}
