using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Certificates;
using Clearway.Testing;
using Clearway.TestServers;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tests;

/// <summary>The authority is made once in development, kept, rotated with overlap, and never made up elsewhere.</summary>
public sealed class CertificateAuthoritySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new("ca");
    private readonly ManualTime _time = new();
    private readonly BrowserKey _key = new();

    private string Ca => Path.Combine(_folder.Path, "ca");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Load_FirstRunInDevelopment_MakesFilesForTheirOwnerOnly()
    {
        using var authority = Load();

        Assert.Single(authority.Roots);
        Assert.Single(authority.Issuing);
        Assert.All(Directory.GetFiles(Ca), path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path)));
        Assert.Equal(3, Directory.GetFiles(Ca).Length);
    }

    [Fact]
    public void Load_AgainAndElsewhere_IsTheSameAuthority()
    {
        using var first = Load();
        using var second = Load(environment: Environments.Production);

        Assert.Equal(first.PublishedPem(), second.PublishedPem());
        AssertVerified(second, Issue(first));
    }

    [Fact]
    public void Load_IssuingAuthorityAboutToEnd_IsFollowedByANewerOneWithOverlap()
    {
        using var before = Load();
        _time.Advance(AuthorityProfile.IssuingLifetime - CertificateAuthoritySource.Overlap + TimeSpan.FromHours(1));
        var lastOfOld = Issue(before);
        using var after = Load();

        Assert.Equal(2, after.Issuing.Count);
        Assert.NotEqual(before.Signing!.Certificate.Thumbprint, after.Signing!.Certificate.Thumbprint);
        AssertVerified(after, lastOfOld);
        AssertVerified(after, Issue(after));
        Assert.Contains(before.Signing.Certificate.ExportCertificatePem(), after.PublishedPem(), StringComparison.Ordinal);

        _time.Advance(CertificateAuthoritySource.Overlap);
        Assert.DoesNotContain(before.Issuing[0].Certificate.ExportCertificatePem(), after.PublishedPem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OldAuthorityWithoutItsKey_IsPublishedAndDoesNotSign()
    {
        using var authority = Load();
        var file = Directory.GetFiles(Ca, "*-issuing.pem").Single();
        var retired = authority.Issuing[0].Certificate.ExportCertificatePem();
        File.WriteAllText(file, retired);
        _time.Advance(AuthorityProfile.IssuingLifetime / 2);
        using var after = Load();

        Assert.Equal(2, after.Issuing.Count);
        Assert.NotEqual(retired, after.Signing!.Certificate.ExportCertificatePem());
        AssertVerified(after, Issue(authority));
    }

    [Fact]
    public void Issue_AuthorityEnded_GivesNothing()
    {
        using var authority = Load();
        _time.Advance(AuthorityProfile.IssuingLifetime);

        Assert.Null(authority.Issue(TokenTests.Room("Grace", "Weekly"), new PublicKey(_key.Ecdsa), _time.GetUtcNow() + TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void Issue_AuthorityAboutToEnd_GivesNoCertificateBeyondIt()
    {
        using var authority = Load();
        _time.Advance(AuthorityProfile.IssuingLifetime - TimeSpan.FromMinutes(3));

        Assert.Equal(authority.Issuing[0].NotAfter, Issue(authority).ExpiresAt);
    }

    [Fact]
    public void Load_NoAuthorityOutsideDevelopment_IsRefusedAndMakesNone()
    {
        Assert.Throws<ConfigurationRefusedException>(() => Load(environment: Environments.Production));
        Assert.False(Directory.Exists(Ca));
    }

    [Fact]
    public void Load_PemOfConfiguration_IsUsedAnywhere()
    {
        using var authority = Load(new CertificateAuthorityOptions { CaPem = TestAuthority.NewPem(_time.GetUtcNow()) }, Environments.Production);

        AssertVerified(authority, Issue(authority));
    }

    public static TheoryData<string> Refused => ["nothing", "not PEM", "another block", "no root", "no issuing authority", "no key", "another key",
        "P-384", "a leaf as authority", "issued by a stranger", "ended"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Load_PemThatIsNoAuthorityOfOurs_IsRefusedInOneLine(string content)
    {
        var refusal = Assert.Throws<ConfigurationRefusedException>(
            () => Load(new CertificateAuthorityOptions { CaPem = Pem(content) }, Environments.Production));

        Assert.Contains("Auth__CaPem", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    /// <summary>The commands of docs/operations.md.</summary>
    [InstalledFact("openssl")]
    public async Task Load_AuthorityMadeByOpenSsl_IsUsed()
    {
        Directory.CreateDirectory(Ca);
        var commands = """
            openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -days 3650 -subj "/CN=Example root" -keyout ../root.key -out root.pem -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 -subj "/CN=Example issuing" -keyout issuing.key -out ../issuing.csr
            printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > ../issuing.ext
            openssl x509 -req -in ../issuing.csr -CA root.pem -CAkey ../root.key -CAcreateserial -CAserial ../root.srl -days 365 -sha256 -extfile ../issuing.ext -out issuing.pem
            cat issuing.key >> issuing.pem && rm issuing.key
            """;
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", commands]) { WorkingDirectory = Ca, RedirectStandardError = true })!;
        var error = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, error);

        // The clock of OpenSSL is the machine's.
        _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow() + TimeSpan.FromSeconds(1));
        using var authority = Load(environment: Environments.Production);

        AssertVerified(authority, Issue(authority));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    private CertificateAuthority Load(CertificateAuthorityOptions? options = null, string? environment = null) => new CertificateAuthoritySource(
        Options.Create(options ?? new CertificateAuthorityOptions { CaDirectory = Ca }),
        new Place { EnvironmentName = environment ?? Environments.Development },
        _time,
        NullLogger<CertificateAuthoritySource>.Instance).Load();

    private IssuedCertificate Issue(CertificateAuthority authority) => authority.Issue(
        TokenTests.Room("Grace", "Weekly"), new PublicKey(_key.Ecdsa), _time.GetUtcNow() + TimeSpan.FromMinutes(10))!;

    private void AssertVerified(CertificateAuthority authority, IssuedCertificate issued)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority.Roots.ToArray());
        chain.ChainPolicy.ExtraStore.AddRange(authority.Issuing.Select(one => one.Certificate).ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CertificateAuthority.FingerprintSigning));
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        using var certificate = X509CertificateLoader.LoadCertificate(issued.Chain[0]);
        Assert.True(chain.Build(certificate), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    private string Pem(string content)
    {
        var now = _time.GetUtcNow() - TimeSpan.FromMinutes(1);
        using var rootKey = AuthorityProfile.NewKey();
        using var root = AuthorityProfile.CreateRoot(rootKey, now);
        using var key = AuthorityProfile.NewKey();
        using var issuing = AuthorityProfile.CreateIssuing(key, root, rootKey, now);
        using var strangerKey = AuthorityProfile.NewKey();
        using var stranger = AuthorityProfile.CreateRoot(strangerKey, now);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var large = AuthorityProfile.CreateIssuing(p384, root, rootKey, now);
        using var ended = AuthorityProfile.CreateIssuing(key, root, rootKey, now - AuthorityProfile.IssuingLifetime);
        using var leaf = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256).Create(
            root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), now, now.AddDays(1), [1]);
        var (keyPem, rootPem, issuingPem) = (key.ExportPkcs8PrivateKeyPem(), root.ExportCertificatePem(), issuing.ExportCertificatePem());
        IReadOnlyList<string> blocks = content switch
        {
            "not PEM" => ["a certificate"],
            "another block" => [rootPem, issuingPem, key.ExportECPrivateKeyPem()],
            "no root" => [issuingPem, keyPem],
            "no issuing authority" => [rootPem, keyPem],
            "no key" => [rootPem, issuingPem],
            "another key" => [rootPem, issuingPem, strangerKey.ExportPkcs8PrivateKeyPem()],
            "P-384" => [rootPem, large.ExportCertificatePem(), p384.ExportPkcs8PrivateKeyPem()],
            "a leaf as authority" => [rootPem, leaf.ExportCertificatePem(), keyPem],
            "issued by a stranger" => [stranger.ExportCertificatePem(), issuingPem, keyPem],
            "ended" => [rootPem, ended.ExportCertificatePem(), keyPem],
            _ => ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
        };
        return string.Join('\n', blocks);
    }

    private sealed class Place : IHostEnvironment
    {
        public required string EnvironmentName { get; set; }

        public string ApplicationName { get; set; } = "Clearway.Auth";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
