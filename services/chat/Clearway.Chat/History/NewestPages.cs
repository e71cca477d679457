namespace Clearway.Chat.History;

/// <summary>
/// The newest page of each room, which every join reads. Pages are kept, bounded, each with the room's revision as of then; before one is
/// given out the database is asked for the revision, for all rooms that are wanted at that moment at once, so that a page is never
/// older than the question for it, whichever replica changed it. What somebody else is asking for already is asked for once.
/// </summary>
internal sealed class NewestPages
{
    /// <summary>Messages of a page.</summary>
    public const int Messages = 50;

    /// <summary>Most rooms whose pages are kept; with <see cref="LargestKept"/>, 32 MiB at the very most.</summary>
    private const int MostRooms = 1024;

    /// <summary>Bytes of the largest page that is kept; larger ones are read each time.</summary>
    private const int LargestKept = 32 * 1024;

    private const int Lanes = 2;
    private const int MostAtOnce = 128;

    private readonly RecentlyUsed<RoomKey, Kept> _kept = new(MostRooms, _ => new Kept());
    private readonly Gathering<RoomKey, MessagePage> _asking;
    private readonly IServiceScopeFactory _scopes;

    public NewestPages(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _asking = new Gathering<RoomKey, MessagePage>(Lanes, MostAtOnce, _ => 1, ReadAsync);
    }

    /// <summary>The newest messages of a room as they are now.</summary>
    public Task<MessagePage> ReadAsync(RoomKey key, CancellationToken cancellationToken) => _asking.AskAsync(key, cancellationToken);

    private async Task<IReadOnlyList<MessagePage>> ReadAsync(IReadOnlyList<RoomKey> keys)
    {
        var asked = keys.Distinct().Select(key => (Key: key, Known: _kept.Find(key)?.Page)).ToArray();
        await using var scope = _scopes.CreateAsyncScope();
        var read = await scope.ServiceProvider.GetRequiredService<MessagePages>().ReadNewestAsync(
            [.. asked.Select(one => (one.Key, one.Known?.Revision ?? -1))], Messages, CancellationToken.None);

        var pages = new Dictionary<RoomKey, MessagePage>(asked.Length);
        foreach (var ((key, known), (revision, page)) in asked.Zip(read))
        {
            pages.Add(key, page ?? known!.Page);
            if (page is { Messages.Count: > 0 } && page.Messages.Sum(message => message.CalculateSize()) <= LargestKept)
            {
                _kept.GetOrAdd(key).Page = new RevisedPage(revision, page);
            }
        }

        return [.. keys.Select(key => pages[key])];
    }

    private sealed record RevisedPage(long Revision, MessagePage Page);

    private sealed class Kept
    {
        private volatile RevisedPage? _page;

        /// <summary>Null before it is read; of two readers that end at the same time either may have the last word, for both ask again.</summary>
        public RevisedPage? Page
        {
            get => _page;
            set => _page = value;
        }
    }
}
