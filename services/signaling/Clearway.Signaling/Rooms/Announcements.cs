using Clearway.Signaling.Cluster;
using StackExchange.Redis;

namespace Clearway.Signaling.Rooms;

/// <summary>What services announced in rooms: once each, over all nodes.</summary>
internal sealed class Announcements(Roster roster)
{
    // Far more than there are in the seconds that Redis is late, and than anybody looks through.
    private const int MaxDoubtful = 1_000;

    private readonly Lock _gate = new();

    // Of which Redis may have taken note without an answer: nobody was told, so when they are repeated it is not for the second time.
    private readonly List<(RoomId Room, string Digest)> _doubtful = []; // guarded by _gate; the oldest first

    /// <summary>Takes note of an announcement; false when it was made before. Throws as <see cref="Roster"/> does.</summary>
    internal async Task<bool> TryNoteAsync(RoomId room, string digest)
    {
        try
        {
            var isFirst = await roster.AnnounceAsync(room, digest);
            return Forget(room, digest) || isFirst;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException and not RedisNotAskedException)
        {
            Remember(room, digest);
            throw;
        }
    }

    private void Remember(RoomId room, string digest)
    {
        lock (_gate)
        {
            _doubtful.Remove((room, digest));
            if (_doubtful.Count == MaxDoubtful)
            {
                _doubtful.RemoveAt(0);
            }

            _doubtful.Add((room, digest));
        }
    }

    private bool Forget(RoomId room, string digest)
    {
        lock (_gate)
        {
            return _doubtful.Remove((room, digest));
        }
    }
}
