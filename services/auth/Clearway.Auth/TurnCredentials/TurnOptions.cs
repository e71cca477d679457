using Microsoft.Extensions.Options;

namespace Clearway.Auth.TurnCredentials;

/// <summary>STUN and TURN servers offered to participants, section <c>Turn</c>.</summary>
internal sealed class TurnOptions
{
    /// <summary>URIs of RFC 7064 and RFC 7065: <c>stun:</c>, <c>stuns:</c>, <c>turn:</c>, <c>turns:</c>; none: nothing is offered.</summary>
    public IList<string> Urls { get; } = [];

    /// <summary>Shared with the TURN servers (<c>static-auth-secret</c> of coturn).</summary>
    public string Secret { get; set; } = "";
}

/// <summary>Only URIs that a browser takes: one bad URI would make its RTCPeerConnection refuse them all.</summary>
internal sealed class TurnOptionsValidator : IValidateOptions<TurnOptions>
{
    public ValidateOptionsResult Validate(string? name, TurnOptions options) =>
        options.Urls.FirstOrDefault(url => !IceServerUrl.IsStun(url) && !IceServerUrl.IsTurn(url)) is { } url
            ? ValidateOptionsResult.Fail($"Turn__Urls has '{url}', which begins with none of stun:, stuns:, turn:, turns:")
            : ValidateOptionsResult.Success;
}

/// <summary>Kinds of ICE server URIs.</summary>
internal static class IceServerUrl
{
    public static bool IsStun(string url) => HasScheme(url, "stun:") || HasScheme(url, "stuns:");

    /// <summary>Needs a credential.</summary>
    public static bool IsTurn(string url) => HasScheme(url, "turn:") || HasScheme(url, "turns:");

    private static bool HasScheme(string url, string scheme) =>
        url.Length > scheme.Length && url.StartsWith(scheme, StringComparison.Ordinal) && !url.Any(char.IsWhiteSpace);
}
