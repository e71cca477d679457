namespace Clearway.Auth.Tokens;

/// <summary>What a token is good for (<c>aud</c>); a token of one audience is refused wherever another is asked for.</summary>
internal enum TokenAudience
{
    /// <summary>A signed-in account.</summary>
    Account,

    /// <summary>One session in one room.</summary>
    Room,

    /// <summary>A way into one room, until it is redeemed for a session.</summary>
    Invitation,
}
