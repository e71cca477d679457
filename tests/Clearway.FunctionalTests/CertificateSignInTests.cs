using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Clearway.FunctionalTests;

/// <summary>People sign in by client certificates that openssl made, over TLS to the proxy, and Auth judges them.</summary>
public sealed class CertificateSignInTests(OrganizationFixture fixture) : IClassFixture<OrganizationFixture>
{
    private const string SignIn = "/api/v1/auth/certificate-sign-in";
    private const string ForSigningIn = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n";
    private const string Ada = ForSigningIn + "subjectAltName=email:Ada@acme.example\n";

    [Fact]
    public async Task Certificate_OfTheOrganization_SignsInAsWhatTheConfigurationSays()
    {
        using var certificate = await fixture.Acme.CertificateAsync("/O=Acme/OU=Sales/CN=Ada Lovelace", Ada);
        using var client = fixture.Client(certificate);
        using var answer = await client.PostAsJsonAsync(SignIn, new { });

        var account = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.OK, "Ada Lovelace", "acme"), (answer.StatusCode, (string?)account["name"], (string?)account["tenant"]));
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        foreach (var attribute in new[] { "; secure", "; httponly", "; samesite=strict", "; path=/api/v1" })
        {
            Assert.Contains(attribute, cookie, StringComparison.OrdinalIgnoreCase);
        }

        // The account is one as every other, without the certificate too.
        using var later = fixture.Client(certificate: null);
        later.DefaultRequestHeaders.Add("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
        using var room = await later.PostAsJsonAsync("/api/v1/rooms", new { title = "Weekly" });
        Assert.Equal(HttpStatusCode.Created, room.StatusCode);
        using var known = await later.GetAsync("/api/v1/auth/account");
        Assert.Equal((string?)account["account_id"], (string?)JsonNode.Parse(await known.Content.ReadAsStringAsync())!["account_id"]);

        // A renewed certificate of the same person is the same account, and a unit of its own may be another tenant.
        using var renewed = await fixture.Acme.CertificateAsync("/O=Acme/OU=Sales/CN=Ada King", Ada);
        Assert.Equal((string?)account["account_id"], (string?)(await SignInAsync(renewed)).Body["account_id"]);
        using var moved = await fixture.Acme.CertificateAsync("/O=Acme/OU=Labs/CN=Ada King", Ada);
        Assert.Equal("acme-labs", (string?)(await SignInAsync(moved)).Body["tenant"]);
    }

    public static TheoryData<string, string, string, int, string> Refused => new()
    {
        { "expired", "/O=Acme/CN=Ada", Ada, -1, "certificate_refused" },
        { "without a use", "/O=Acme/CN=Ada", "subjectAltName=email:ada@acme.example\n", 1, "certificate_refused" },
        { "for a server", "/O=Acme/CN=Ada", "extendedKeyUsage=serverAuth\nsubjectAltName=email:ada@acme.example\n", 1, "certificate_refused" },
        { "for any use", "/O=Acme/CN=Ada", "extendedKeyUsage=anyExtendedKeyUsage\nsubjectAltName=email:ada@acme.example\n", 1, "certificate_refused" },
        { "for documents alone", "/O=Acme/CN=Ada", "keyUsage=critical,nonRepudiation\nextendedKeyUsage=clientAuth\nsubjectAltName=email:ada@acme.example\n", 1, "certificate_refused" },
        { "of an authority", "/O=Acme/CN=Ada", "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=clientAuth\nsubjectAltName=email:ada@acme.example\n", 1, "certificate_refused" },
        { "beyond the name constraints", "/O=Acme/CN=Mallory", ForSigningIn + "subjectAltName=email:mallory@evil.example\n", 1, "certificate_refused" },
        { "of another organization", "/O=Other/CN=Ada", Ada, 1, "certificate_unmapped" },
        { "of two organizations", "/O=Acme/O=Other/CN=Ada", Ada, 1, "certificate_unmapped" },
        { "without an address", "/O=Acme/CN=Ada", ForSigningIn, 1, "certificate_unmapped" },
        { "with two addresses", "/O=Acme/CN=Ada", ForSigningIn + "subjectAltName=email:ada@acme.example,email:eve@acme.example\n", 1, "certificate_unmapped" },
        { "without a name", "/O=Acme", Ada, 1, "certificate_unmapped" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Certificate_ThatIsNotGoodForSigningIn_IsRefused(string what, string subject, string extensions, int days, string code)
    {
        using var certificate = await fixture.Acme.CertificateAsync(subject, extensions, days);
        var answer = await SignInAsync(certificate);
        Assert.True((answer.Status, answer.Code) == (HttpStatusCode.Forbidden, code), $"{what}: {answer}");
    }

    [Fact]
    public async Task Certificate_OfAnAuthorityThatIsNotTrusted_IsRefused()
    {
        // The same names, issued by somebody else.
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "elsewhere")).FullName;
        var root = await OpenSslAuthority.RootAsync(folder, "acme-root");
        var people = await root.IntermediateAsync("acme-people", "");
        using var certificate = await people.CertificateAsync("/O=Acme/CN=Ada", Ada);
        Assert.Equal((HttpStatusCode.Forbidden, "certificate_refused"), Refusal(await SignInAsync(certificate)));
    }

    [Fact]
    public async Task Certificate_ThatWasRevoked_IsRefused_AndOneOfWhichItCannotBeToldAsWell()
    {
        string At(string path) => ForSigningIn + $"crlDistributionPoints=URI:{new Uri(fixture.Lists, path)}\n";
        using var good = await fixture.Umbrella.CertificateAsync("/CN=Good", At("/list"));
        using var revoked = await fixture.Umbrella.CertificateAsync("/CN=Revoked", At("/list"));
        using var untold = await fixture.Umbrella.CertificateAsync("/CN=Untold", At("/no-list"));
        using var silent = await fixture.Umbrella.CertificateAsync("/CN=Silent", ForSigningIn);
        fixture.Publish("/list", await fixture.Umbrella.RevocationListAsync(revoked));

        Assert.Equal((HttpStatusCode.OK, "umbrella"), ((await SignInAsync(good)).Status, (string?)(await SignInAsync(good)).Body["tenant"]));
        Assert.Equal((HttpStatusCode.Forbidden, "certificate_refused"), Refusal(await SignInAsync(revoked)));
        foreach (var certificate in new[] { untold, silent })
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), Refusal(await SignInAsync(certificate)));
        }
    }

    [Theory]
    [InlineData("Client-Cert")]
    [InlineData("X-Forwarded-Client-Cert")]
    [InlineData("X-Client-Cert")]
    [InlineData("X-SSL-Client-Cert")]
    [InlineData("X-ARR-ClientCert")]
    public async Task Header_ThatSaysWhoseCertificateWasShown_IsWorthNothing(string header)
    {
        using var certificate = await fixture.Acme.CertificateAsync("/O=Acme/CN=Ada", Ada);
        using var client = fixture.Client(certificate: null);
        foreach (var value in new[] { Convert.ToBase64String(certificate.RawData), $":{Convert.ToBase64String(certificate.RawData)}:", Uri.EscapeDataString(certificate.ExportCertificatePem()) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, SignIn) { Content = JsonContent.Create(new { }) };
            request.Headers.Add(header, value);
            using var answer = await client.SendAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, "certificate_missing"), (answer.StatusCode, await CodeAsync(answer)));
        }
    }

    [Fact]
    public async Task SignIn_OfAnotherSitesPage_IsRefusedThoughTheBrowserShowsTheCertificate()
    {
        using var certificate = await fixture.Acme.CertificateAsync("/O=Acme/CN=Ada", Ada);
        using var client = fixture.Client(certificate);
        using var form = new HttpRequestMessage(HttpMethod.Post, SignIn) { Content = new FormUrlEncodedContent([]) };
        using var formAnswer = await client.SendAsync(form);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "media_type"), (formAnswer.StatusCode, await CodeAsync(formAnswer)));

        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using var answer = await client.PostAsJsonAsync(SignIn, new { });
        Assert.Equal((HttpStatusCode.Forbidden, "origin_refused"), (answer.StatusCode, await CodeAsync(answer)));
    }

    private async Task<(HttpStatusCode Status, string? Code, JsonNode Body)> SignInAsync(X509Certificate2 certificate)
    {
        using var client = fixture.Client(certificate);
        using var answer = await client.PostAsJsonAsync(SignIn, new { });
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.StatusCode, (string?)body["code"], body);
    }

    private static (HttpStatusCode Status, string? Code) Refusal((HttpStatusCode Status, string? Code, JsonNode Body) answer) => (answer.Status, answer.Code);

    private static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"];
}
