namespace Clearway.Storage.Recordings;

/// <summary>Tenant that a recording belongs to.</summary>
internal readonly record struct TenantId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Room that was recorded.</summary>
internal readonly record struct RoomId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>Public id of a participant.</summary>
internal readonly record struct ParticipantId(string Value)
{
    public override string ToString() => Value;
}
