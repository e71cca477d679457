using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Auth.Certificates;
using Clearway.Auth.Organizations;
using Clearway.Testing;
using Xunit.Abstractions;

namespace Clearway.Auth.Tests;

/// <summary>Damaged requests and authorities: refused by the expected means, never by another exception, and never accepted for another key.</summary>
public sealed class CertificateFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _each = TimeSpan.FromSeconds(2);

    [Fact]
    public void SigningRequest_Damaged_IsNeverTakenForAnotherKey()
    {
        using var key = new BrowserKey();
        var good = key.SigningRequest;
        var random = Seeded(out var seed);
        var (tried, taken) = (0, 0);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < _each; tried++)
        {
            var damaged = Damage(good, random);
            if (CertificateSigningRequest.TryRead(damaged, out _, out var thumbprint))
            {
                taken++;
                Assert.True(thumbprint == key.Thumbprint, $"seed {seed}: {Convert.ToHexString(damaged)}");
            }
        }

        output.WriteLine($"seed {seed}: {tried} requests, {taken} of them still good");
        Assert.True(CertificateSigningRequest.TryRead(good, out _, out _));
        Assert.True(tried > 200, $"only {tried} tried");
        Assert.True(taken < tried / 10, $"{taken} of {tried} damaged requests were taken");
    }

    [Fact]
    public void AuthorityPem_Damaged_IsReadOrRefusedByName()
    {
        var time = new ManualTime();
        var good = TestAuthority.NewPem(time.GetUtcNow()).Split('\n');
        var random = Seeded(out var seed);
        var tried = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < _each; tried++)
        {
            // Inside the base64, so that the DER behind it is what is damaged.
            var lines = (string[])good.Clone();
            var line = random.Next(lines.Length);
            lines[line] = lines[line].StartsWith('-') ? lines[line] : new string([.. lines[line].Select(c => random.Next(64) == 0 ? 'A' : c)]);
            var pem = string.Join('\n', lines);
            try
            {
                AuthorityPem.Parse(pem, "test").Build("test", time).Dispose();
            }
            catch (ConfigurationRefusedException)
            {
                continue;
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure.GetType().Name}\n{pem}");
            }
        }

        output.WriteLine($"seed {seed}: {tried} authorities");
        Assert.True(tried > 50, $"only {tried} tried");
    }

    [Fact]
    public void ClientCertificate_Damaged_IsReadOrRefusedByTheExpectedMeans()
    {
        using var key = AuthorityProfile.NewKey();
        var request = new CertificateRequest("O=Acme, OU=Labs, CN=Ada", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress("ada@acme.example");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var good = certificate.RawData;
        var random = Seeded(out var seed);
        var (tried, read) = (0, 0);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < _each; tried++)
        {
            var damaged = Damage(good, random);
            try
            {
                using var parsed = X509CertificateLoader.LoadCertificate(damaged);
                read += CertificateSubject.Of(parsed) is null ? 0 : 1;
            }
            catch (CryptographicException)
            {
                // What OrganizationSignIn expects of the loader.
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure.GetType().Name} for {Convert.ToHexString(damaged)}");
            }
        }

        output.WriteLine($"seed {seed}: {tried} certificates, {read} of them read");
        Assert.Equal(new CertificateSubject("O=Acme, OU=Labs, CN=Ada", "Ada", "Acme", "Labs", "ada@acme.example"), CertificateSubject.Of(certificate));
        Assert.True(tried > 200, $"only {tried} tried");
    }

    private static Random Seeded(out int seed)
    {
        seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        return new Random(seed);
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    bytes.Add(0);
                    break;
            }
        }

        return [.. bytes];
    }
}
