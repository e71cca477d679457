namespace Clearway.Chat;

/// <summary>A bounded map: the entry least lately used makes room for a new one. Safe for any number of threads.</summary>
/// <param name="most">Most entries.</param>
/// <param name="create">Makes an entry.</param>
internal sealed class RecentlyUsed<TKey, TValue>(int most, Func<TKey, TValue> create)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _gate = new();

    // guarded by _gate
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _latestFirst = [];

    public TValue GetOrAdd(TKey key)
    {
        lock (_gate)
        {
            if (Touch(key) is { } known)
            {
                return known;
            }

            if (_nodes.Count == most && _latestFirst.Last is { } oldest)
            {
                _latestFirst.RemoveLast();
                _nodes.Remove(oldest.Value.Key);
            }

            var value = create(key);
            _nodes.Add(key, _latestFirst.AddFirst((key, value)));
            return value;
        }
    }

    public TValue? Find(TKey key)
    {
        lock (_gate)
        {
            return Touch(key);
        }
    }

    /// <summary>The entries whose key fulfils a condition, as of now.</summary>
    public IReadOnlyList<(TKey Key, TValue Value)> Where(Func<TKey, bool> condition)
    {
        lock (_gate)
        {
            return [.. _latestFirst.Where(entry => condition(entry.Key))];
        }
    }

    private TValue? Touch(TKey key)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            return null;
        }

        _latestFirst.Remove(node);
        _latestFirst.AddFirst(node);
        return node.Value.Value;
    }
}
