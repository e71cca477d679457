using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Clearway.Auth.Rooms;

namespace Clearway.Auth.Tokens;

/// <summary>Protected header of a compact JWS. Any other member, <c>jku</c>, <c>jwk</c>, <c>x5u</c> and <c>crit</c> among them, is refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenHeader
{
    [JsonPropertyName("alg")] public required string Algorithm { get; init; }

    [JsonPropertyName("kid")] public required string KeyId { get; init; }

    [JsonPropertyName("typ")] public required string Type { get; init; }
}

/// <summary>Claims as they are on the wire (RFC 7519 section 4); which of the optional ones are needed depends on the audience.</summary>
internal sealed record TokenPayload
{
    [JsonPropertyName("iss")] public required string Issuer { get; init; }

    [JsonPropertyName("aud")] public required string Audience { get; init; }

    [JsonPropertyName("sub")] public required string Subject { get; init; }

    [JsonPropertyName("tenant")] public required string Tenant { get; init; }

    [JsonPropertyName("room")] public string? Room { get; init; }

    [JsonPropertyName("sid")] public string? Session { get; init; }

    [JsonPropertyName("role")] public string? Role { get; init; }

    [JsonPropertyName("name")] public string? Name { get; init; }

    [JsonPropertyName("room_title")] public string? RoomTitle { get; init; }

    [JsonPropertyName("max_peers")] public int? MaxPeers { get; init; }

    [JsonPropertyName("ttl_minutes")] public int? TtlMinutes { get; init; }

    [JsonPropertyName("lobby")] public bool? Lobby { get; init; }

    [JsonPropertyName("wait_for_moderator")] public bool? WaitForModerator { get; init; }

    [JsonPropertyName("own_tracks")] public bool? OwnTracks { get; init; }

    [JsonPropertyName("max_uses")] public int? MaxUses { get; init; }

    [JsonPropertyName("inv")] public string? Invitation { get; init; }

    /// <summary>Seconds since 1970-01-01T00:00:00Z (OpenID Connect Core 1.0 section 2).</summary>
    [JsonPropertyName("auth_time")] public long? OpenedAt { get; init; }

    [JsonPropertyName("cnf")] public TokenConfirmation? Confirmation { get; init; }

    /// <summary>Seconds since 1970-01-01T00:00:00Z, as <see cref="NotBefore"/> and <see cref="ExpiresAt"/>.</summary>
    [JsonPropertyName("iat")] public required long IssuedAt { get; init; }

    [JsonPropertyName("nbf")] public required long NotBefore { get; init; }

    [JsonPropertyName("exp")] public required long ExpiresAt { get; init; }

    [JsonPropertyName("jti")] public required string TokenId { get; init; }

    /// <summary>False when a member of the policy is missing or out of range; invitations from before there were own tracks allow none.</summary>
    public bool TryReadPolicy([NotNullWhen(true)] out RoomPolicy? policy) =>
        RoomPolicy.TryCreate(MaxPeers, TtlMinutes, Lobby, WaitForModerator, OwnTracks ?? false, out policy);

    public TokenPayload With(RoomPolicy policy) => this with
    {
        MaxPeers = policy.MaxPeers,
        TtlMinutes = policy.TtlMinutes,
        Lobby = policy.Lobby,
        WaitForModerator = policy.WaitForModerator,
        OwnTracks = policy.OwnTracks,
    };
}

/// <summary>The holder's key (RFC 7800 section 3).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TokenConfirmation
{
    [JsonPropertyName("jkt")] public required string Thumbprint { get; init; }
}

/// <summary>How tokens are read. <see cref="TokenIssuer"/> writes them more tersely.</summary>
[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenHeader))]
[JsonSerializable(typeof(TokenPayload))]
internal sealed partial class TokenJson : JsonSerializerContext;
