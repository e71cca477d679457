using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Certificates;
using Clearway.Auth.Tokens;
using Clearway.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Auth.Tests;

/// <summary>From an invitation to a certificate that anybody can verify, and every way to get one for somebody else's session.</summary>
[Collection(nameof(RunningAuth))]
public sealed class CertificateTests(AuthHost host) : IDisposable
{
    private readonly BrowserKey _key = new();

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Redeem_WithAKey_BindsTheTokenToIt()
    {
        var session = await RedeemAsync(_key.Jwk);
        var refreshed = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: session.Token);

        Assert.Equal(_key.Thumbprint, Claims(session.Token).Key);
        Assert.Equal(_key.Thumbprint, Claims((string)refreshed.Body!["token"]!).Key);
    }

    [Fact]
    public async Task Redeem_Unconfigured_AsksForProofs()
    {
        await using var lenient = await AuthHost.StartAsync(new() { ["Auth:RequireVerified"] = "false" });
        var (_, strictly, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = host.IssueRoom("Ada").Invitation, name = "Grace" });
        var (_, leniently, _) = await lenient.PostAsync("/api/v1/invitations/redeem", new { invitation = lenient.IssueRoom("Ada").Invitation, name = "Grace" });

        Assert.Equal((true, false), ((bool)strictly!["require_verified"]!, (bool)leniently!["require_verified"]!));
    }

    [Fact]
    public async Task Redeem_WithoutAKey_GivesATokenThatGetsNoCertificate()
    {
        var session = await RedeemAsync(jwk: null);

        var (status, body, _) = await RequestAsync(session.Token, _key.SigningRequest);

        Assert.Equal((403, "key_refused"), (status, (string?)body!["code"]));
    }

    [Theory]
    [InlineData("RSA", "P-256", null, null)]
    [InlineData("EC", "P-384", null, null)]
    [InlineData("EC", "P-256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("EC", "P-256", "AA", null)]
    [InlineData("EC", "P-256", "", null)]
    [InlineData("EC", "P-256", null, "//////////////////////////////////////////8")]
    public async Task Redeem_KeyThatIsNoPublicKeyOnP256_IsRefused(string kty, string crv, string? x, string? y)
    {
        var jwk = new { kty, crv, x = x ?? StrictBase64Url.Encode(_key.Point.X), y = y ?? StrictBase64Url.Encode(_key.Point.Y) };

        var (status, body, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = host.IssueRoom("Ada").Invitation, name = "Grace", jwk });

        Assert.Equal((400, "bad_request"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Redeem_PrivateKey_IsRefused()
    {
        var jwk = new { kty = "EC", crv = "P-256", x = StrictBase64Url.Encode(_key.Point.X), y = StrictBase64Url.Encode(_key.Point.Y), d = "AA" };

        var (status, _, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation = host.IssueRoom("Ada").Invitation, name = "Grace", jwk });

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Certificates_KeyOfTheToken_SayWhoTheHolderIsAndEndWithTheToken()
    {
        var session = await RedeemAsync(_key.Jwk);

        var (status, body, _) = await RequestAsync(session.Token, _key.SigningRequest);

        Assert.Equal(200, status);
        using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String((string)body!["chain"]![0]!));
        using var key = certificate.GetECDsaPublicKey()!;
        Assert.Equal(_key.Ecdsa.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
        Assert.Equal("O=default, CN=Grace, role=participant", certificate.Subject);
        Assert.Equal(session.ExpiresAt, new DateTimeOffset(certificate.NotAfter).ToUnixTimeMilliseconds());
        Assert.Equal(session.ExpiresAt, (long)body["expires_at"]!);
        Assert.Equal(host.Time.GetUtcNow().ToUnixTimeMilliseconds(), (long)body["server_time"]!);
        var names = certificate.Extensions.Single(extension => extension.Oid!.Value == "2.5.29.17").Format(multiLine: false);
        Assert.Equal($"URI:clearway:default/{session.Room}/{session.Session}/{session.Participant}", names);
        Assert.Equal(X509KeyUsageFlags.DigitalSignature, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal(
            CertificateAuthority.FingerprintSigning,
            certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages[0].Value);
    }

    [InstalledFact("openssl")]
    public async Task Certificates_PublishedAuthorities_AreVerifiedByOpenSsl()
    {
        var session = await RedeemAsync(_key.Jwk);
        var (_, body, _) = await RequestAsync(session.Token, _key.SigningRequest);
        using var client = host.Http();
        var published = await client.GetStringAsync("/.well-known/clearway-ca.pem");
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(published);
        using var folder = new TemporaryFolder("openssl");
        var (root, issuing, leaf) = (Path.Combine(folder.Path, "root"), Path.Combine(folder.Path, "issuing"), Path.Combine(folder.Path, "leaf"));
        await File.WriteAllTextAsync(root, authorities[0].ExportCertificatePem());
        await File.WriteAllTextAsync(issuing, authorities[1].ExportCertificatePem());
        await File.WriteAllTextAsync(leaf, PemEncoding.WriteString("CERTIFICATE", Convert.FromBase64String((string)body!["chain"]![0]!)));
        var now = host.Time.GetUtcNow().ToUnixTimeSeconds();

        // What is critical and unknown to OpenSSL is only our usage: -x509_strict checks all the rest of RFC 5280.
        var good = await OpenSslAsync("verify", "-x509_strict", "-attime", $"{now}", "-CAfile", root, "-untrusted", issuing, leaf);
        var ended = await OpenSslAsync("verify", "-x509_strict", "-attime", $"{now + 3600}", "-CAfile", root, "-untrusted", issuing, leaf);

        Assert.Equal((0, $"{leaf}: OK"), (good.ExitCode, good.Output.Trim()));
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Equal(authorities[1].RawData, Convert.FromBase64String((string)body["chain"]![1]!));
    }

    [InstalledFact("openssl")]
    public async Task Certificates_RequestOfOpenSsl_IsTaken()
    {
        using var folder = new TemporaryFolder("openssl");
        var (keyPath, requestPath) = (Path.Combine(folder.Path, "key"), Path.Combine(folder.Path, "request"));
        await File.WriteAllTextAsync(keyPath, _key.Ecdsa.ExportPkcs8PrivateKeyPem());
        var made = await OpenSslAsync("req", "-new", "-sha256", "-key", keyPath, "-subj", "/", "-outform", "DER", "-out", requestPath);
        var session = await RedeemAsync(_key.Jwk);

        var (status, _, _) = await RequestAsync(session.Token, await File.ReadAllBytesAsync(requestPath));

        Assert.Equal(0, made.ExitCode);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Certificates_KeyOfSomebodyElse_AreRefused()
    {
        // What a relay that sees the token can do: everything but sign with the browser's key.
        using var relay = new BrowserKey();
        var session = await RedeemAsync(_key.Jwk);

        var (status, body, _) = await RequestAsync(session.Token, relay.SigningRequest);

        Assert.Equal((403, "key_refused"), (status, (string?)body!["code"]));
    }

    [Theory]
    [InlineData("with a subject")]
    [InlineData("with an extension")]
    [InlineData("on P-384")]
    [InlineData("by RSA")]
    [InlineData("by SHA-384")]
    [InlineData("signed by another key")]
    [InlineData("truncated")]
    [InlineData("with a byte after it")]
    [InlineData("too long")]
    [InlineData("empty")]
    public async Task Certificates_RequestOfAnotherForm_AreRefused(string form)
    {
        var session = await RedeemAsync(_key.Jwk);

        var (status, body, _) = await RequestAsync(session.Token, Malformed(form));

        Assert.Equal((400, "bad_request"), (status, (string?)body!["code"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not base64!")]
    public async Task Certificates_RequestNotInBase64_AreRefused(string? request)
    {
        var session = await RedeemAsync(_key.Jwk);

        var (status, body, _) = await host.PostAsync("/api/v1/certificates", new { request }, bearer: session.Token);

        Assert.Equal((400, "bad_request"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Certificates_RevokedSession_AreRefused()
    {
        var session = await RedeemAsync(_key.Jwk);
        var revocations = host.Services.GetRequiredService<Revocations>();
        Assert.True(await revocations.RevokeAsync(session.Session, TimeSpan.FromMinutes(10), CancellationToken.None));

        var (status, body, _) = await RequestAsync(session.Token, _key.SigningRequest);

        Assert.Equal((401, "token_revoked"), (status, (string?)body!["code"]));
    }

    [Fact]
    public async Task Certificates_WithoutAToken_AreRefused()
    {
        var (status, body, _) = await host.PostAsync("/api/v1/certificates", new { request = Convert.ToBase64String(_key.SigningRequest) });

        Assert.Equal((401, "token_missing"), (status, (string?)body!["code"]));
    }

    private byte[] Malformed(string form)
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var other = new BrowserKey();
        var nobody = new X500DistinguishedName("");
        var good = _key.SigningRequest;
        switch (form)
        {
            case "with a subject":
                return new CertificateRequest("CN=Ada", _key.Ecdsa, HashAlgorithmName.SHA256).CreateSigningRequest();
            case "with an extension":
                var wish = new CertificateRequest(nobody, _key.Ecdsa, HashAlgorithmName.SHA256);
                wish.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
                return wish.CreateSigningRequest();
            case "on P-384":
                return new CertificateRequest(nobody, p384, HashAlgorithmName.SHA256).CreateSigningRequest();
            case "by RSA":
                return new CertificateRequest(nobody, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
            case "by SHA-384":
                return new CertificateRequest(nobody, _key.Ecdsa, HashAlgorithmName.SHA384).CreateSigningRequest();
            case "signed by another key":
                return new CertificateRequest(nobody, new PublicKey(_key.Ecdsa), HashAlgorithmName.SHA256)
                    .CreateSigningRequest(X509SignatureGenerator.CreateForECDsa(other.Ecdsa));
            case "truncated":
                return good[..^1];
            case "with a byte after it":
                return [.. good, 0];
            case "too long":
                return [.. good, .. new byte[CertificateSigningRequest.MaxBytes]];
            default:
                return [];
        }
    }

    private static async Task<(int ExitCode, string Output)> OpenSslAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        _ = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output);
    }

    private Task<(int Status, System.Text.Json.Nodes.JsonNode? Body, HttpResponseMessage Response)> RequestAsync(string token, byte[] request) =>
        host.PostAsync("/api/v1/certificates", new { request = Convert.ToBase64String(request) }, bearer: token);

    private RoomClaims Claims(string token) => new TokenVerifier(new JwsVerifier(host.Keys), host.Time).Verify<RoomClaims>(token).Token!.Claims;

    private async Task<Redeemed> RedeemAsync(object? jwk)
    {
        var (room, invitation, _) = host.IssueRoom("Ada");
        var (status, body, _) = await host.PostAsync("/api/v1/invitations/redeem", new { invitation, name = "Grace", jwk });
        Assert.Equal(200, status);
        return new Redeemed(
            (string)body!["token"]!, (long)body["expires_at"]!, room.Value, (string)body["session_id"]!, (string)body["participant_id"]!);
    }

    private sealed record Redeemed(string Token, long ExpiresAt, string Room, string Session, string Participant);
}
