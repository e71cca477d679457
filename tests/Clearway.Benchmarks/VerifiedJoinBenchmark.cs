using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth;
using Clearway.Auth.Certificates;
using Clearway.Auth.Rooms;
using Clearway.Auth.Tokens;

namespace Clearway.Benchmarks;

/// <summary>
/// What Auth computes for one join, without the network and Redis: opening the session and checking its token; and the same with
/// verification: the key is bound to the token, and a certificate is issued for it.
/// </summary>
internal static class VerifiedJoinBenchmark
{
    private const int Samples = 4_000;

    internal static Contest Create()
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = new SigningKeys([SigningKey.FromPkcs8(signing.ExportPkcs8PrivateKey())]);
        var work = new Work(
            new TokenIssuer(keys, TimeProvider.System), new TokenVerifier(new JwsVerifier(keys), TimeProvider.System), Authority());

        return new Contest("join with verification", "5 ms more at p99") { Note = () => Percentiles(work) }
            .With("join, verified: key, token, certificate", operations => Repeat(operations, () => work.Join(isVerified: true)))
            .With("join: token alone", operations => Repeat(operations, () => work.Join(isVerified: false)));
    }

    private static long Repeat(int operations, Action join)
    {
        for (var i = 0; i < operations; i++)
        {
            join();
        }

        return operations;
    }

    // Each by itself, by turns, so that whatever else the machine does meets both alike.
    private static string Percentiles(Work work)
    {
        var (verified, plain) = (new double[Samples], new double[Samples]);
        for (var i = 0; i < Samples; i++)
        {
            verified[i] = Time(() => work.Join(isVerified: true));
            plain[i] = Time(() => work.Join(isVerified: false));
        }

        Array.Sort(verified);
        Array.Sort(plain);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"by turns, {Samples} of each: verified p50 {At(verified, 0.5):N3} ms, p99 {At(verified, 0.99):N3} ms; token alone p50 {At(plain, 0.5):N3} ms, "
            + $"p99 {At(plain, 0.99):N3} ms; {At(verified, 0.99) - At(plain, 0.99):N3} ms more at p99");

        static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];
    }

    private static double Time(Action join)
    {
        var began = Stopwatch.GetTimestamp();
        join();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static CertificateAuthority Authority()
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(-1);
        using var rootKey = AuthorityProfile.NewKey();
        var root = AuthorityProfile.CreateRoot(rootKey, now);
        var key = AuthorityProfile.NewKey();
        return new CertificateAuthority([root], [new IssuingAuthority(AuthorityProfile.CreateIssuing(key, root, rootKey, now), key)], TimeProvider.System);
    }

    private sealed class Work
    {
        private readonly TokenIssuer _issuer;
        private readonly TokenVerifier _verifier;
        private readonly CertificateAuthority _authority;
        private readonly PublicJsonWebKey _jwk;
        private readonly byte[] _request;

        internal Work(TokenIssuer issuer, TokenVerifier verifier, CertificateAuthority authority)
        {
            (_issuer, _verifier, _authority) = (issuer, verifier, authority);
            using var browser = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var point = browser.ExportParameters(includePrivateParameters: false).Q;
            _jwk = new PublicJsonWebKey
            {
                KeyType = "EC", Curve = "P-256", X = StrictBase64Url.Encode(point.X), Y = StrictBase64Url.Encode(point.Y),
            };
            _request = new CertificateRequest(new X500DistinguishedName(""), browser, HashAlgorithmName.SHA256).CreateSigningRequest();
        }

        /// <summary>Opens a session and checks its token as often as a join does: for the certificate, and at the gateway.</summary>
        internal void Join(bool isVerified)
        {
            KeyThumbprint? bound = isVerified && _jwk.TryGetThumbprint(out var thumbprint) ? thumbprint : null;
            var token = _issuer.Issue(Claims() with { Key = bound }).Token;
            if (isVerified)
            {
                var claims = Check(token);
                if (!CertificateSigningRequest.TryRead(_request, out var key, out var shown)
                    || shown != claims.Key
                    || _authority.Issue(claims, key, DateTimeOffset.UtcNow.AddMinutes(10)) is null)
                {
                    throw new InvalidOperationException("A certificate was refused to the key of the token.");
                }
            }

            Check(token);
        }

        private RoomClaims Check(string token) =>
            _verifier.Verify<RoomClaims>(token).Token?.Claims ?? throw new InvalidOperationException("A good token was refused.");

        private static RoomClaims Claims() =>
            DisplayName.TryParse("Grace", out var name) && RoomTitle.TryParse("Weekly", out var title)
                && RoomPolicy.TryCreate(8, 45, lobby: false, waitForModerator: false, ownTracks: true, out var policy)
                ? new RoomClaims(
                    ParticipantId.New(), SessionId.New(), new TenantId("default"), RoomId.New(), Role.Participant, name, title, policy)
                : throw new InvalidOperationException("Auth refuses an ordinary name.");
    }
}
