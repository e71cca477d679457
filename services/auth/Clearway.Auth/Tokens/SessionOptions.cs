namespace Clearway.Auth.Tokens;

/// <summary>How long sessions of rooms may go on, section <c>Auth</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>
    /// From a session's first token to its last refresh: longer than any meeting, since nothing else ends the access to a room's history and
    /// files for somebody who keeps refreshing after it. Default 24 h.
    /// </summary>
    public TimeSpan LongestSession { get; set; } = TimeSpan.FromHours(24);
}
