using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Rooms;

/// <summary>
/// The newest page of a room's chat, read once for those who enter one right after the other. What is said or changed in the room makes it
/// out of date at once; what another node has not told yet, or that the chat service could not be asked, after a moment. Lines that were not
/// stored when it was read are those of <see cref="RecentLines"/>, which are kept longer.
/// </summary>
/// <remarks>Not thread-safe: the room guards it.</remarks>
internal sealed class SharedHistory(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // Weakly: a page may have megabytes, and most rooms are at rest.
    private readonly WeakReference<Lazy<Task<ServerFrame?>>> _page = new(null!);
    private string? _tenant;
    private long _readAt;

    /// <summary>The page as a frame; null when the chat service does not tell it. Read when it is first asked for.</summary>
    /// <param name="tenant">Whose history is read: one tenant's page is never shown to another's participants.</param>
    /// <param name="read">Reads it; fails never.</param>
    internal Lazy<Task<ServerFrame?>> Get(string tenant, Func<Task<ServerFrame?>> read)
    {
        if (_page.TryGetTarget(out var page) && _tenant == tenant && time.GetElapsedTime(_readAt) < Fresh)
        {
            return page;
        }

        page = new Lazy<Task<ServerFrame?>>(read);
        _page.SetTarget(page);
        (_tenant, _readAt) = (tenant, time.GetTimestamp());
        return page;
    }

    /// <summary>Something was said or changed.</summary>
    internal void Outdate() => _page.SetTarget(null!);
}
