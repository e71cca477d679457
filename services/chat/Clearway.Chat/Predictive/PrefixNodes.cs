namespace Clearway.Chat.Predictive;

/// <summary>The prefixes that begin many words: for each its range of words and the best of them, found by hash.</summary>
internal sealed class PrefixNodes
{
    private readonly List<Node> _nodes = [];
    private readonly int[] _best;
    private readonly int[] _slots;
    private readonly int _most;

    /// <summary>Chooses the best words of a range.</summary>
    /// <param name="first">First word.</param>
    /// <param name="end">Behind the last word.</param>
    /// <param name="prefixLength">Length of the prefix they share; a word of this length is left out.</param>
    /// <param name="best">Receives the words.</param>
    /// <returns>How many were chosen.</returns>
    public delegate int Selection(int first, int end, int prefixLength, Span<int> best);

    /// <summary>Builds a node for each prefix of at least <paramref name="threshold"/> words.</summary>
    /// <param name="keys">All keys, sorted by code unit.</param>
    /// <param name="threshold">Fewest words of a node; more than <paramref name="most"/>.</param>
    /// <param name="most">Best words kept a node.</param>
    /// <param name="select">Chooses them.</param>
    public PrefixNodes(string[] keys, int threshold, int most, Selection select)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(threshold, most);
        _most = most;
        Add(keys, 0, keys.Length, 0, threshold);
        _nodes.TrimExcess();

        _best = new int[_nodes.Count * most];
        _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, _nodes.Count * 3 / 2))];
        for (var node = 0; node < _nodes.Count; node++)
        {
            var (first, end, _, length) = _nodes[node];
            select(first, end, length, _best.AsSpan(node * most, most));
            Place(node);
        }
    }

    /// <summary>Bytes held.</summary>
    public long Bytes => (_nodes.Count * 16L) + ((_best.Length + _slots.Length) * (long)sizeof(int));

    public int First(int node) => _nodes[node].First;

    public int End(int node) => _nodes[node].End;

    public ReadOnlySpan<int> Best(int node) => _best.AsSpan(node * _most, _most);

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

    /// <summary>Finds a node that may be this prefix's: the caller compares its first word.</summary>
    /// <returns>The node, or -1.</returns>
    public int Find(uint hash, int length)
    {
        for (var slot = hash; ; slot++)
        {
            var node = _slots[slot & (uint)(_slots.Length - 1)] - 1;
            if (node < 0 || (_nodes[node].Hash == hash && _nodes[node].Length == length))
            {
                return node;
            }
        }
    }

    private void Add(string[] keys, int first, int end, int length, int threshold)
    {
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

            if (next - first >= threshold)
            {
                AddNode(keys[first].AsSpan(0, length + 1), first, next);
                Add(keys, first, next, length + 1, threshold);
            }

            first = next;
        }
    }

    private void AddNode(ReadOnlySpan<char> prefix, int first, int end)
    {
        Span<uint> hashes = stackalloc uint[Letters.LongestWord + 1];
        Hash(prefix, hashes);
        _nodes.Add(new Node(first, end, hashes[prefix.Length], prefix.Length));
    }

    private void Place(int node)
    {
        var slot = _nodes[node].Hash;
        while (_slots[slot & (uint)(_slots.Length - 1)] != 0)
        {
            slot++;
        }

        _slots[slot & (uint)(_slots.Length - 1)] = node + 1;
    }

    private readonly record struct Node(int First, int End, uint Hash, int Length);
}
