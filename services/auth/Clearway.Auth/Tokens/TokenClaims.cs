using Clearway.Auth.Rooms;

namespace Clearway.Auth.Tokens;

/// <summary>What a token of one audience says.</summary>
internal interface ITokenClaims<TSelf>
    where TSelf : class, ITokenClaims<TSelf>
{
    /// <summary>The only audience that these claims are issued for and accepted from.</summary>
    static abstract TokenAudience Audience { get; }

    /// <summary>How long a token lives.</summary>
    static abstract TimeSpan Lifetime { get; }

    /// <summary>What ends these claims when it is revoked, besides the token itself.</summary>
    IEnumerable<string> RevocableIds { get; }

    /// <summary>Null when a claim is missing or is not of its type.</summary>
    static abstract TSelf? Read(TokenPayload payload);

    /// <summary>Adds these claims to a payload that has issuer, audience, times and id already.</summary>
    TokenPayload Write(TokenPayload payload);
}

/// <summary>A signed-in account: may create rooms.</summary>
internal sealed record AccountClaims(AccountId Account, TenantId Tenant, DisplayName Name) : ITokenClaims<AccountClaims>
{
    public static TokenAudience Audience => TokenAudience.Account;

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(12);

    public IEnumerable<string> RevocableIds => [];

    public static AccountClaims? Read(TokenPayload payload) =>
        AccountId.TryParse(payload.Subject, out var account)
        && TenantId.TryParse(payload.Tenant, out var tenant)
        && DisplayName.TryParse(payload.Name, out var name)
            ? new AccountClaims(account, tenant, name)
            : null;

    public TokenPayload Write(TokenPayload payload) =>
        payload with { Subject = Account.Value, Tenant = Tenant.Value, Name = Name.Value };
}

/// <summary>One session of one participant in one room.</summary>
internal sealed record RoomClaims(
    ParticipantId Participant,
    SessionId Session,
    TenantId Tenant,
    RoomId Room,
    Role Role,
    DisplayName Name,
    RoomTitle Title,
    RoomPolicy Policy) : ITokenClaims<RoomClaims>
{
    public static TokenAudience Audience => TokenAudience.Room;

    public static TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The key that the holder's browser made for this session, from the session's first token to its last: only for that key a
    /// certificate is issued, so that nobody who sees the token can get one. Null for a session without certificates.
    /// </summary>
    public KeyThumbprint? Key { get; init; }

    /// <summary>The invitation that was redeemed for the session; null where a backend minted the token.</summary>
    public TokenId? Invitation { get; init; }

    /// <summary>When the session's first token was issued; null in that one itself.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>A kick revokes the participant (docs/decisions/0017-kicks.md).</summary>
    public IEnumerable<string> RevocableIds => [Session.Value, Participant.Value];

    public static RoomClaims? Read(TokenPayload payload) =>
        ParticipantId.TryParse(payload.Subject, out var participant)
        && SessionId.TryParse(payload.Session, out var session)
        && TenantId.TryParse(payload.Tenant, out var tenant)
        && RoomId.TryParse(payload.Room, out var room)
        && Words.TryParse<Role>(payload.Role, out var role)
        && DisplayName.TryParse(payload.Name, out var name)
        && RoomTitle.TryParse(payload.RoomTitle, out var title)
        && payload.TryReadPolicy(out var policy)
        && TryReadKey(payload.Confirmation, out var key)
        && TryReadInvitation(payload.Invitation, out var invitation)
            ? new RoomClaims(participant, session, tenant, room, role, name, title, policy)
            {
                Key = key,
                Invitation = invitation,
                OpenedAt = payload.OpenedAt is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            }
            : null;

    public TokenPayload Write(TokenPayload payload) => payload.With(Policy) with
    {
        Subject = Participant.Value,
        Session = Session.Value,
        Tenant = Tenant.Value,
        Room = Room.Value,
        Role = Words.Of(Role),
        Name = Name.Value,
        RoomTitle = Title.Value,
        Invitation = Invitation?.Value,
        OpenedAt = OpenedAt?.ToUnixTimeSeconds(),
        Confirmation = Key is { } key ? new TokenConfirmation { Thumbprint = key.Value } : null,
    };

    private static bool TryReadKey(TokenConfirmation? confirmation, out KeyThumbprint? key)
    {
        var valid = KeyThumbprint.TryParse(confirmation?.Thumbprint, out var thumbprint);
        key = valid ? thumbprint : null;
        return valid || confirmation is null;
    }

    private static bool TryReadInvitation(string? text, out TokenId? invitation)
    {
        var valid = TokenId.TryParse(text, out var id);
        invitation = valid ? id : null;
        return valid || text is null;
    }
}

/// <summary>
/// A way into one room, made by <paramref name="Account"/>. The client may read title, role and policy before it redeems the invitation.
/// </summary>
internal sealed record InvitationClaims(AccountId Account, TenantId Tenant, RoomId Room, Role Role, RoomTitle Title, RoomPolicy Policy)
    : ITokenClaims<InvitationClaims>
{
    public static TokenAudience Audience => TokenAudience.Invitation;

    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(24);

    /// <summary>How often it may be redeemed, 1 or more; null: as often as people come.</summary>
    public int? MaxUses { get; init; }

    public IEnumerable<string> RevocableIds => [];

    public static InvitationClaims? Read(TokenPayload payload) =>
        AccountId.TryParse(payload.Subject, out var account)
        && TenantId.TryParse(payload.Tenant, out var tenant)
        && RoomId.TryParse(payload.Room, out var room)
        && Words.TryParse<Role>(payload.Role, out var role)
        && RoomTitle.TryParse(payload.RoomTitle, out var title)
        && payload.TryReadPolicy(out var policy)
        && payload.MaxUses is null or >= 1
            ? new InvitationClaims(account, tenant, room, role, title, policy) { MaxUses = payload.MaxUses }
            : null;

    public TokenPayload Write(TokenPayload payload) => payload.With(Policy) with
    {
        Subject = Account.Value,
        Tenant = Tenant.Value,
        Room = Room.Value,
        Role = Words.Of(Role),
        RoomTitle = Title.Value,
        MaxUses = MaxUses,
    };
}
