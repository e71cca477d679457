using System.Security.Cryptography;
using System.Text;
using Clearway.Auth;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;

namespace Clearway.Benchmarks;

/// <summary>Verifying a room token, beside the platform's bare ES256 over the same bytes: the limit.</summary>
internal static class TokenBenchmark
{
    internal static Contest Create()
    {
        var pem = SigningKey.NewPem();
        using var imported = ECDsa.Create();
        imported.ImportFromPem(pem);
        var keys = new SigningKeys([SigningKey.FromPkcs8(imported.ExportPkcs8PrivateKey())]);
        var token = new TokenIssuer(keys, TimeProvider.System).Issue(Claims()).Token;
        var verifier = new TokenVerifier(new JwsVerifier(keys), TimeProvider.System);

        var raw = ECDsa.Create(imported.ExportParameters(includePrivateParameters: false));
        var dot = token.LastIndexOf('.');
        var signed = Encoding.ASCII.GetBytes(token[..dot]);
        StrictBase64Url.TryDecode(token.AsSpan(dot + 1), out var signature);

        return new Contest("token check", "0.9x of raw ECDsa")
            .With("room token verified", operations =>
            {
                var good = 0L;
                for (var i = 0; i < operations; i++)
                {
                    good += verifier.Verify<RoomClaims>(token).Token is null ? 0 : 1;
                }

                return good == operations ? good : throw new InvalidOperationException("A good token was refused.");
            })
            .With("ECDsa.VerifyData (limit)", operations =>
            {
                var good = 0L;
                for (var i = 0; i < operations; i++)
                {
                    good += raw.VerifyData(
                        signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation) ? 1 : 0;
                }

                return good == operations ? good : throw new InvalidOperationException("A good signature was refused.");
            });
    }

    private static RoomClaims Claims() =>
        DisplayName.TryParse("Grace", out var name) && RoomTitle.TryParse("Weekly", out var title)
            && RoomPolicy.TryCreate(8, 45, lobby: false, waitForModerator: false, ownTracks: true, out var policy)
            ? new RoomClaims(
                ParticipantId.New(), SessionId.New(), new TenantId("default"), RoomId.New(), Role.Participant, name, title, policy)
            : throw new InvalidOperationException("Auth refuses an ordinary name.");
}
