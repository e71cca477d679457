using Clearway.Auth.Organizations;
using Clearway.Auth.Tokens;

namespace Clearway.Auth;

/// <summary>Everything that Auth logs. Never a password, a token, a credential or a typed name.</summary>
internal static partial class AuthLog
{
    [LoggerMessage(1, LogLevel.Information, "Account {Account} signed in")]
    public static partial void SignedIn(this ILogger log, AccountId account);

    [LoggerMessage(2, LogLevel.Warning, "A sign-in was refused: wrong password")]
    public static partial void SignInRefused(this ILogger log);

    [LoggerMessage(3, LogLevel.Warning, "A sign-in was refused: too many wrong passwords; next attempt in {RetryAfter}")]
    public static partial void SignInThrottled(this ILogger log, TimeSpan retryAfter);

    [LoggerMessage(4, LogLevel.Information, "Account {Account} signed out")]
    public static partial void SignedOut(this ILogger log, AccountId account);

    [LoggerMessage(5, LogLevel.Information, "Account {Account} of tenant {Tenant} created room {Room}")]
    public static partial void RoomCreated(this ILogger log, AccountId account, TenantId tenant, RoomId room);

    [LoggerMessage(6, LogLevel.Information, "An invitation to room {Room} opened session {Session} of participant {Participant} as {Role}")]
    public static partial void InvitationRedeemed(this ILogger log, RoomId room, SessionId session, ParticipantId participant, Role role);

    [LoggerMessage(7, LogLevel.Information, "{Count} signing keys loaded; key {KeyId} signs")]
    public static partial void SigningKeysLoaded(this ILogger log, int count, string keyId);

    [LoggerMessage(8, LogLevel.Information, "A signing key was created: {Path}")]
    public static partial void SigningKeyCreated(this ILogger log, string path);

    [LoggerMessage(9, LogLevel.Warning, "The key {Path} can be read or written by every user of the machine: chmod 600")]
    public static partial void KeyOpenToOthers(this ILogger log, string path);

    [LoggerMessage(10, LogLevel.Warning, "Redis does not answer about revocations ({Failure}): tokens are refused until it does")]
    public static partial void RevocationsUnreachable(this ILogger log, string failure);

    [LoggerMessage(11, LogLevel.Information, "{Count} issuing authorities loaded; {Signing} signs certificates")]
    public static partial void AuthoritiesLoaded(this ILogger log, int count, string signing);

    [LoggerMessage(12, LogLevel.Information, "A certificate authority was created: {Path}")]
    public static partial void AuthorityCreated(this ILogger log, string path);

    [LoggerMessage(13, LogLevel.Error, "No issuing authority is valid now: certificates are refused until a newer one is added")]
    public static partial void NoAuthoritySigns(this ILogger log);

    [LoggerMessage(14, LogLevel.Warning, "A request with an API key was refused: no such key, or not its secret")]
    public static partial void ApiKeyRefused(this ILogger log);

    [LoggerMessage(15, LogLevel.Information, "Account {Account} of tenant {Tenant} signed in by a client certificate")]
    public static partial void SignedInByCertificate(this ILogger log, AccountId account, TenantId tenant);

    [LoggerMessage(16, LogLevel.Warning, "A client certificate was refused: {Refusal}")]
    public static partial void CertificateRefused(this ILogger log, CertificateRefusal refusal);
}
