using System.Security.Cryptography;

namespace Clearway.Signaling.Rooms;

/// <summary>A room's public id: 12 characters [a-z0-9] as Auth issues them.</summary>
internal readonly record struct RoomId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>A participant's public id, known to everyone in the room.</summary>
internal readonly record struct ParticipantId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Compares ids also with text that is not a string yet.</summary>
internal sealed class ParticipantIdComparer : IEqualityComparer<ParticipantId>, IAlternateEqualityComparer<ReadOnlySpan<char>, ParticipantId>
{
    internal static readonly ParticipantIdComparer Instance = new();

    public bool Equals(ParticipantId x, ParticipantId y) => x.Value == y.Value;

    public int GetHashCode(ParticipantId obj) => obj.Value.GetHashCode(StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<char> alternate, ParticipantId other) => alternate.SequenceEqual(other.Value);

    public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate);

    public ParticipantId Create(ReadOnlySpan<char> alternate) => new(alternate.ToString());
}

/// <summary>One WebSocket of one participant; a newer one of the same participant replaces it.</summary>
internal readonly record struct ConnectionId(string Value)
{
    internal static ConnectionId Create() => new(RandomNumberGenerator.GetHexString(16, lowercase: true));

    public override string ToString() => Value;
}

/// <summary>A session's private id: who presents it, together with a valid token of the same participant, continues the session.</summary>
internal readonly record struct ResumeId(string Value)
{
    // 120 bits, and no character that the roster's form in Redis uses as a separator.
    internal static ResumeId Create() => new("c-" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 24));

    /// <summary>The id is a secret and never printed.</summary>
    public override string ToString() => "c-***";
}
