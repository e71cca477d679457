using Clearway.Chat.History;

namespace Clearway.Chat.Predictive;

/// <summary>A room whose words are learned.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="Room">The room.</param>
internal readonly record struct RoomScope(string Tenant, string Room);

/// <summary>
/// The rooms' and tenants' own words, learned from the chat lines that were stored. They live in this process alone and are neither
/// logged nor written anywhere. A tenant's words are those that were said in more than one of its rooms: what is said in one room stays
/// in it. Bounded: the vocabularies least lately used make room.
/// </summary>
internal sealed class SpokenWords(TimeProvider time)
{
    /// <summary>Most words of a room.</summary>
    public const int MostInRoom = 512;

    /// <summary>Most words of a tenant.</summary>
    public const int MostInTenant = 4096;

    /// <summary>Most rooms; with their words some 130 MB at the very most.</summary>
    public const int MostRooms = 2048;

    /// <summary>Most tenants; with their words some 130 MB at the very most.</summary>
    public const int MostTenants = 256;

    private readonly RecentlyUsed<RoomScope, Vocabulary> _rooms = new(MostRooms, _ => new Vocabulary(MostInRoom));
    private readonly RecentlyUsed<string, Vocabulary> _tenants = new(MostTenants, _ => new Vocabulary(MostInTenant));

    /// <summary>Learns from what was stored; system messages have no words.</summary>
    public void Learn(IReadOnlyList<StoredMessage> messages)
    {
        foreach (var message in messages)
        {
            Learn(new RoomScope(message.Tenant, message.Room), message.Text);
        }
    }

    /// <summary>Learns from what was said in a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="text">The line, as it was stored.</param>
    public void Learn(RoomScope room, string text)
    {
        var words = LearnableWords.Of(text).ToArray();
        if (words.Length == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var place = PlaceOf(room.Room);
        var inRoom = _rooms.GetOrAdd(room);
        var inTenant = _tenants.GetOrAdd(room.Tenant);
        foreach (var (key, spelling, script) in words)
        {
            inRoom.Mention(key, spelling, script, place, now);
            inTenant.Mention(key, spelling, script, place, now);
        }
    }

    /// <summary>The words that are suggested in a room; null where neither it nor its tenant has taught any.</summary>
    public RoomWords? In(RoomScope room)
    {
        var (own, tenants) = (_rooms.Find(room), _tenants.Find(room.Tenant));
        return own is null && tenants is null ? null : new RoomWords(own, tenants, time.GetUtcNow());
    }

    /// <summary>Forgets what a room has taught.</summary>
    /// <param name="room">The room. Its tenant keeps what other rooms have said too.</param>
    /// <param name="word">The word to forget, which the tenant forgets too; null for all of the room's.</param>
    public void ForgetRoom(RoomScope room, string? word)
    {
        _rooms.Find(room)?.Forget(KeyOf(word));
        if (word is null)
        {
            _tenants.Find(room.Tenant)?.ForgetPlace(PlaceOf(room.Room));
        }
        else
        {
            _tenants.Find(room.Tenant)?.Forget(KeyOf(word));
        }
    }

    /// <summary>Forgets what all rooms of a tenant have taught.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="word">The word to forget; null for all.</param>
    public void ForgetTenant(string tenant, string? word)
    {
        _tenants.Find(tenant)?.Forget(KeyOf(word));
        foreach (var (_, room) in _rooms.Where(room => room.Tenant == tenant))
        {
            room.Forget(KeyOf(word));
        }
    }

    private static string? KeyOf(string? word) => word is null ? null : Letters.KeyOf(word) ?? "";

    /// <summary>One bit of 64 for a room; two rooms seldom have the same.</summary>
    private static ulong PlaceOf(string room)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in room)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return 1UL << (int)((hash ^ (hash >> 32)) & 63);
    }
}

/// <summary>The learned words that are suggested in one room.</summary>
internal sealed class RoomWords(Vocabulary? room, Vocabulary? tenant, DateTimeOffset now)
{
    private const int FewestRoomsOfATenantsWord = 2;

    /// <summary>Finds words that begin with a prefix and are longer; one that both know comes once, with the greater weight.</summary>
    public void Find(ReadOnlySpan<char> prefix, List<LearnedWord> found)
    {
        var first = found.Count;
        room?.Find(prefix, 1, now, found);
        var own = found.Count;
        tenant?.Find(prefix, FewestRoomsOfATenantsWord, now, found);
        for (var place = found.Count - 1; place >= own; place--)
        {
            var same = found.FindIndex(first, own - first, word => word.Key == found[place].Key);
            if (same >= 0)
            {
                found[same] = found[same] with { Weight = Math.Max(found[same].Weight, found[place].Weight) };
                found.RemoveAt(place);
            }
        }
    }
}
