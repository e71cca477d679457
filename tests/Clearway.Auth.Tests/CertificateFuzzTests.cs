using System.Diagnostics;
using System.Security.Cryptography;
using Clearway.Auth.Certificates;
using Clearway.Testing;

namespace Clearway.Auth.Tests;

/// <summary>Damaged requests and authorities: refused by the expected means, never by another exception, and never accepted for another key.</summary>
public sealed class CertificateFuzzTests
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

        Assert.True(tried > 50, $"only {tried} tried");
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
