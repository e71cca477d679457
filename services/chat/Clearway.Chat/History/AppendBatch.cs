namespace Clearway.Chat.History;

/// <summary>
/// Messages to append, as the statements want them: the rooms in one order that all replicas have, so that no two batches wait for each
/// other, and each message once, with its room's place and its rank in the room, both from 1.
/// </summary>
internal sealed class AppendBatch
{
    private readonly List<StoredMessage> _messages = [];
    private readonly List<(long Place, long Rank)> _firsts = [];
    private readonly (long Place, long Rank)[] _asked;

    public AppendBatch(IReadOnlyList<StoredMessage> messages)
    {
        var rooms = messages.Select(message => new RoomKey(message.Tenant, message.Room)).Distinct()
            .OrderBy(room => room.Tenant, StringComparer.Ordinal).ThenBy(room => room.Room, StringComparer.Ordinal).ToArray();
        Tenants = Array.ConvertAll(rooms, room => room.Tenant);
        Rooms = Array.ConvertAll(rooms, room => room.Room);
        Lines = new long[rooms.Length];

        var places = new Dictionary<RoomKey, int>(rooms.Length);
        foreach (var (place, room) in rooms.Index())
        {
            places.Add(room, place);
        }

        var known = new Dictionary<(int Place, Guid Id), long>(messages.Count);
        _asked = new (long Place, long Rank)[messages.Count];
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            var place = places[new RoomKey(message.Tenant, message.Room)];
            if (!known.TryGetValue((place, message.Id), out var rank))
            {
                rank = ++Lines[place];
                known.Add((place, message.Id), rank);
                _messages.Add(message);
                _firsts.Add((place + 1, rank));
            }

            _asked[index] = (place + 1, rank);
        }
    }

    /// <summary>The rooms' tenants, by place.</summary>
    public string[] Tenants { get; }

    /// <summary>The rooms, by place.</summary>
    public string[] Rooms { get; }

    /// <summary>How many different messages each room gets, by place.</summary>
    public long[] Lines { get; }

    /// <summary>Each message's place.</summary>
    public long[] Places => [.. _firsts.Select(first => first.Place)];

    /// <summary>Each message's rank.</summary>
    public long[] Ranks => [.. _firsts.Select(first => first.Rank)];

    /// <summary>A value of each message.</summary>
    public T[] Column<T>(Func<StoredMessage, T> value) => [.. _messages.Select(value)];

    /// <summary>What was asked for, in the order given, repeated messages included.</summary>
    public IReadOnlyList<long> Answer(Func<long, long, long> sequenceOf) => [.. _asked.Select(asked => sequenceOf(asked.Place, asked.Rank))];
}
