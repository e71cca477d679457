using System.Threading.Channels;
using Clearway.Signaling.Connections;
using Claims = Clearway.Auth.V1.Claims;
using IceServer = Clearway.Auth.V1.IceServer;

namespace Clearway.Signaling.Rooms;

/// <summary>Somebody whose token is good, and who wants to come in.</summary>
/// <param name="Room">Where to.</param>
/// <param name="Session">The session that is not seated yet.</param>
/// <param name="Claims">Of the token.</param>
/// <param name="IceServers">As told with the token.</param>
/// <param name="Resume">What continues an older session.</param>
/// <param name="Opening">The policy by which the room is opened, if it is not open yet.</param>
/// <param name="Outbox">Where frames go that do not wait for the seat.</param>
internal sealed record Newcomer(
    Room Room, Session Session, Claims Claims, IReadOnlyList<IceServer> IceServers, string? Resume, RoomPolicy Opening, Outbox Outbox);

/// <summary>
/// Somebody who has not been let in yet: a session without a seat. Redis decides; this node asks it again whenever something happened
/// that may have changed the answer.
/// </summary>
internal sealed class Waiting(Newcomer newcomer)
{
    // One signal is enough, however often something happened.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    internal Newcomer Newcomer => newcomer;

    internal Session Session => newcomer.Session;

    /// <summary>What is waited for.</summary>
    internal LobbyState State { get; set; }

    /// <summary>Since when; zero before Redis was asked.</summary>
    internal long Revision { get; set; }

    /// <summary>Asks Redis again.</summary>
    internal void Retry() => _signals.Writer.TryWrite(true);

    /// <summary>Waits no longer: the connection is gone.</summary>
    internal void Stop() => _signals.Writer.TryComplete();

    /// <summary>Until it is time to ask again; false when the connection is gone.</summary>
    internal async Task<bool> SignalAsync() => await _signals.Reader.WaitToReadAsync() && _signals.Reader.TryRead(out _);
}
