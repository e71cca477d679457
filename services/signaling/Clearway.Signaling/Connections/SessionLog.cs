using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Connections;

/// <summary>What a session's connection leaves to the next one, on this node or another.</summary>
/// <param name="Frames">Counted frames that the client did not acknowledge, in order.</param>
/// <param name="Before">Counted frames of the session before these.</param>
/// <param name="Sent">How many of all were handed to the connection.</param>
/// <param name="Taken">Counted frames that were taken from the client.</param>
/// <param name="IsWhole">False when frames were lost for want of room.</param>
internal sealed record SessionLog(IReadOnlyList<ServerFrame> Frames, long Before, long Sent, long Taken, bool IsWhole = true)
{
    /// <summary>Whether nothing is missing for a client that has got so many counted frames.</summary>
    internal bool Reaches(long received) => IsWhole && received >= Before && received <= Before + Frames.Count;

    /// <summary>What such a client misses.</summary>
    internal IEnumerable<ServerFrame> After(long received) => Frames.Skip((int)(received - Before));
}
