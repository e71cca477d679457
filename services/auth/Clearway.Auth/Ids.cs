using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Clearway.Auth;

/// <summary>Organization that accounts, rooms and recordings belong to: 1 to 64 characters of <c>[a-z0-9-]</c>.</summary>
internal readonly record struct TenantId(string Value)
{
    public static bool TryParse(string? text, out TenantId tenant) =>
        (tenant = new TenantId(text ?? "")) is { Value.Length: >= 1 and <= 64 } && IdText.IsLowerAlphanumeric(tenant.Value, alsoDash: true);

    public override string ToString() => Value;
}

/// <summary>A signed-in account: <c>acc-</c> and 16 characters of base 32.</summary>
internal readonly record struct AccountId(string Value)
{
    private const string Prefix = "acc-";

    /// <summary>The same name of the same tenant is the same account wherever and whenever it signs in.</summary>
    public static AccountId Of(TenantId tenant, DisplayName name) =>
        new(Prefix + IdText.Base32(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant.Value}\0{name.Value}")).AsSpan(0, IdText.ShortIdBytes)));

    /// <summary>
    /// Whom a certificate of the tenant names so. No person who signs in otherwise has this account, nor any backend: no name holds this
    /// control character.
    /// </summary>
    public static AccountId OfCertificate(TenantId tenant, string identity) => Of(tenant, new DisplayName("certificate\u0001" + identity));

    public static bool TryParse(string? text, out AccountId account) =>
        IdText.IsShortId((account = new AccountId(text ?? "")).Value, Prefix);

    public override string ToString() => Value;
}

/// <summary>A room: 12 characters of <c>[a-z0-9]</c>.</summary>
internal readonly record struct RoomId(string Value)
{
    private const int Length = 12;

    public static RoomId New() => new(RandomNumberGenerator.GetString(IdText.LowerAlphanumeric, Length));

    public static bool TryParse(string? text, out RoomId room) =>
        (room = new RoomId(text ?? "")) is { Value.Length: Length } && IdText.IsLowerAlphanumeric(room.Value, alsoDash: false);

    public override string ToString() => Value;
}

/// <summary>Public id of someone in a room: <c>p-</c> and 16 characters of base 32.</summary>
internal readonly record struct ParticipantId(string Value)
{
    private const string Prefix = "p-";

    public static ParticipantId New() => new(Prefix + IdText.NewShortId());

    public static bool TryParse(string? text, out ParticipantId participant) =>
        IdText.IsShortId((participant = new ParticipantId(text ?? "")).Value, Prefix);

    public override string ToString() => Value;
}

/// <summary>Public id of a session, stable over token refreshes; what a kick revokes: <c>s-</c> and 16 characters of base 32.</summary>
internal readonly record struct SessionId(string Value)
{
    private const string Prefix = "s-";

    public static SessionId New() => new(Prefix + IdText.NewShortId());

    public static bool TryParse(string? text, out SessionId session) =>
        IdText.IsShortId((session = new SessionId(text ?? "")).Value, Prefix);

    public override string ToString() => Value;
}

/// <summary>One token (<c>jti</c>): 16 characters of base 32.</summary>
internal readonly record struct TokenId(string Value)
{
    public static TokenId New() => new(IdText.NewShortId());

    public static bool TryParse(string? text, out TokenId token) => IdText.IsShortId((token = new TokenId(text ?? "")).Value, "");

    public override string ToString() => Value;
}

file static class IdText
{
    public const string LowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>80 bits: 16 characters of base 32 without padding.</summary>
    public const int ShortIdBytes = 10;

    private const int ShortIdLength = 16;

    /// <summary>RFC 4648 section 6, in lower case.</summary>
    private const string Base32Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> _base32 = SearchValues.Create(Base32Alphabet);
    private static readonly SearchValues<char> _lowerAlphanumeric = SearchValues.Create(LowerAlphanumeric);
    private static readonly SearchValues<char> _lowerAlphanumericAndDash = SearchValues.Create(LowerAlphanumeric + "-");

    public static string NewShortId() => RandomNumberGenerator.GetString(Base32Alphabet, ShortIdLength);

    public static bool IsShortId(string text, string prefix) =>
        text.Length == prefix.Length + ShortIdLength
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && !text.AsSpan(prefix.Length).ContainsAnyExcept(_base32);

    public static bool IsLowerAlphanumeric(string text, bool alsoDash) =>
        !text.AsSpan().ContainsAnyExcept(alsoDash ? _lowerAlphanumericAndDash : _lowerAlphanumeric);

    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < bytes.Length * 8; bit += 5)
        {
            var value = 0;
            for (var i = bit; i < bit + 5; i++)
            {
                value = (value << 1) | ((bytes[i / 8] >> (7 - (i % 8))) & 1);
            }

            text.Append(Base32Alphabet[value]);
        }

        return text.ToString();
    }
}
