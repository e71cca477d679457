using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;

namespace Clearway.Auth.Tests;

/// <summary>Tokens that are good, and for how long.</summary>
public sealed class TokenTests : IDisposable
{
    private readonly Forge _forge = new();

    [Fact]
    public void Issue_RoomToken_IsVerifiedWithTheSameClaims()
    {
        var claims = Room("Grace", "Weekly");

        var verified = _forge.Verifier.Verify<RoomClaims>(_forge.Issuer.Issue(claims).Token).Token;

        Assert.Equal(claims, verified?.Claims);
    }

    [Fact]
    public void Issue_AccountAndInvitation_AreVerifiedWithTheSameClaims()
    {
        Assert.True(DisplayName.TryParse("Ada", out var name));
        Assert.True(RoomTitle.TryParse("Weekly", out var title));
        Assert.True(RoomPolicy.TryCreate(8, 45, lobby: true, waitForModerator: true, ownTracks: true, out var policy));
        var tenant = new TenantId("default");
        var account = new AccountClaims(AccountId.Of(tenant, name), tenant, name);
        var invitation = new InvitationClaims(account.Account, tenant, RoomId.New(), Role.Organizer, title, policy);

        Assert.Equal(account, _forge.Verifier.Verify<AccountClaims>(_forge.Issuer.Issue(account).Token).Token?.Claims);
        Assert.Equal(invitation, _forge.Verifier.Verify<InvitationClaims>(_forge.Issuer.Issue(invitation).Token).Token?.Claims);
    }

    [Fact]
    public void Issue_LongestNameAndTitle_StaysUnderTheLimit()
    {
        // Each text element takes as many bytes as a name may have on average.
        var element = "👩\u200D🚀" + "\u20D0";
        var claims = Room(string.Concat(Enumerable.Repeat(element, 64)), string.Concat(Enumerable.Repeat(element, 120)));

        var token = _forge.Issuer.Issue(claims).Token;

        Assert.InRange(token.Length, 4000, JwsVerifier.MaxTokenCharacters);
        Assert.Equal(claims, _forge.Verifier.Verify<RoomClaims>(token).Token?.Claims);
    }

    [Fact]
    public void Verify_AnyAudienceForAnother_IsRefused()
    {
        var room = _forge.Issuer.Issue(Room("Grace", "Weekly")).Token;

        Assert.Equal(TokenRefusal.Audience, _forge.Verifier.Verify<AccountClaims>(room).Refusal);
        Assert.Equal(TokenRefusal.Audience, _forge.Verifier.Verify<InvitationClaims>(room).Refusal);
    }

    [Fact]
    public void Verify_UnknownClaim_IsIgnored() =>
        Assert.NotNull(_forge.Verifier.Verify<RoomClaims>(_forge.WithClaim("new_in_a_later_version", true)).Token);

    [Theory]
    [InlineData(0, true)]
    [InlineData(604, true)]
    [InlineData(605, false)]
    [InlineData(100_000, false)]
    public void Verify_AfterSeconds_HoldsUntilExpiryAndSkew(int seconds, bool accepted)
    {
        var token = _forge.Issuer.Issue(Room("Grace", "Weekly")).Token;

        _forge.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(accepted ? null : TokenRefusal.Expired, _forge.Verifier.Verify<RoomClaims>(token).Refusal);
    }

    [Fact]
    public void Verify_ByAClockSlightlyBehind_IsAccepted() =>
        Assert.NotNull(_forge.Verifier.Verify<RoomClaims>(_forge.WithClaim("nbf", _forge.Now + 5)).Token);

    [Fact]
    public async Task Verify_FromManyThreads_IsAlwaysAccepted()
    {
        var token = _forge.Good;

        await Parallel.ForAsync(0, 2000, (i, _) =>
        {
            Assert.NotNull(_forge.Verifier.Verify<RoomClaims>(i % 2 == 0 ? token : _forge.Issuer.Issue(Room("Grace", "Weekly")).Token).Token);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public void Issue_Tokens_HaveIdsOfTheirOwn()
    {
        var claims = Room("Grace", "Weekly");
        var ids = Enumerable.Range(0, 100).Select(_ => _forge.Verifier.Verify<RoomClaims>(_forge.Issuer.Issue(claims).Token).Token!.Id);

        Assert.Equal(100, ids.Distinct().Count());
    }

    [Fact]
    public void Jwks_IsEnoughToVerifyByThePlatformsOwnMeans()
    {
        var parts = _forge.Issuer.Issue(Room("Grace", "Weekly")).Token.Split('.');
        using var jwks = JsonDocument.Parse(JsonSerializer.Serialize(JsonWebKeySet.Of(_forge.Keys), AuthJson.Default.JsonWebKeySet));
        using var header = JsonDocument.Parse(Bytes(parts[0]));
        var key = jwks.RootElement.GetProperty("keys").EnumerateArray()
            .Single(k => k.GetProperty("kid").GetString() == header.RootElement.GetProperty("kid").GetString());
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes(key.GetProperty("x").GetString()!), Y = Bytes(key.GetProperty("y").GetString()!) },
        });

        Assert.True(ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]), HashAlgorithmName.SHA256));
    }

    [Fact]
    public void KeyId_OfTheKeyOfRfc7515_IsItsThumbprint()
    {
        // The key of RFC 7515 appendix A.3; its thumbprint was computed apart from this code, by RFC 7638 section 3.1.
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), Y = Bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0") },
            D = Bytes("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
        });
        using var key = SigningKey.FromPkcs8(ecdsa.ExportPkcs8PrivateKey());

        Assert.Equal("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U", key.KeyId);
    }

    public void Dispose() => _forge.Dispose();

    internal static RoomClaims Room(string name, string title)
    {
        Assert.True(DisplayName.TryParse(name, out var displayName));
        Assert.True(RoomTitle.TryParse(title, out var roomTitle));
        Assert.True(RoomPolicy.TryCreate(8, 45, lobby: true, waitForModerator: false, ownTracks: true, out var policy));
        return new RoomClaims(
            ParticipantId.New(), SessionId.New(), new TenantId("default"), RoomId.New(), Role.Participant, displayName, roomTitle, policy);
    }

    private static byte[] Bytes(string base64Url) => System.Buffers.Text.Base64Url.DecodeFromChars(base64Url);
}
