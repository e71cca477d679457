using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Clearway.Auth.Tokens;
using Xunit.Abstractions;

namespace Clearway.Auth.Tests;

/// <summary>Damaged tokens, before and behind a good signature: refused by a code, never by an exception, and never accepted for somebody else.</summary>
public sealed class TokenFuzzTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _each = TimeSpan.FromSeconds(2);

    // What has a meaning to some parser: of JSON, of numbers, of base64url, of UTF-8.
    private static readonly string[] _pieces =
        ["\"", "{", "}", "[", "]", ",", ":", "null", "true", "1e999", "-1", "\\u0000", "\\ud800", "\"aud\":\"invitation\",", "\"sub\":1,", ".", "=", "+", "/", "\0", "\u00ff"];

    [Fact]
    public void Token_DamagedInTransit_IsNeverTaken()
    {
        using var forge = new Forge();
        var good = forge.Good;
        var random = Seeded(out var seed);
        var tried = 0;
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < _each; tried++)
        {
            var damaged = Damage(good, random);
            var verdict = Verify(forge, damaged, seed);
            Assert.True(verdict.Token is null || damaged == good, $"seed {seed}: {damaged}");
        }

        Assert.NotNull(Verify(forge, good, seed).Token);
        output.WriteLine($"seed {seed}: {tried} damaged tokens");
        Assert.True(tried > 200, $"only {tried} tried");
    }

    [Fact]
    public void Token_DamagedBeforeItWasSigned_IsReadOrRefused()
    {
        using var forge = new Forge();
        var (header, payload) = (forge.Header.ToJsonString(), forge.Payload.ToJsonString());
        var random = Seeded(out var seed);
        var (tried, taken) = (0, 0);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < _each; tried++)
        {
            // Behind a signature of ours: what reads the claims gets to see it.
            var isHeader = random.Next(4) == 0;
            var (signedHeader, signedPayload) = (isHeader ? Damage(header, random) : header, isHeader ? payload : Damage(payload, random));
            var token = forge.Sign(Encoding.UTF8.GetBytes(signedHeader), Encoding.UTF8.GetBytes(signedPayload));
            if (Verify(forge, token, seed).Token is { Claims: var claims })
            {
                taken++;

                // Whatever was taken is of the form that all others rely on.
                Assert.True(
                    ParticipantId.TryParse(claims.Participant.Value, out _)
                        && SessionId.TryParse(claims.Session.Value, out _)
                        && RoomId.TryParse(claims.Room.Value, out _)
                        && TenantId.TryParse(claims.Tenant.Value, out _)
                        && DisplayName.TryParse(claims.Name.Value, out _)
                        && claims.Policy is { MaxPeers: >= 1 and <= 100, TtlMinutes: >= 1 and <= 300 },
                    $"seed {seed}: {signedPayload}");
            }
        }

        output.WriteLine($"seed {seed}: {tried} tokens, {taken} of them still good");
        Assert.True(tried > 200, $"only {tried} tried");
        Assert.True(taken < tried / 2, $"{taken} of {tried} were taken");
    }

    private static TokenVerdict<RoomClaims> Verify(Forge forge, string token, int seed)
    {
        try
        {
            return forge.Verifier.Verify<RoomClaims>(token);
        }
        catch (Exception failure)
        {
            Assert.Fail($"seed {seed}: {failure.GetType().Name} for {token}");
            throw;
        }
    }

    private static Random Seeded(out int seed)
    {
        seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        return new Random(seed);
    }

    private static string Damage(string good, Random random)
    {
        var text = new StringBuilder(good);
        for (var changes = random.Next(1, 4); changes > 0 && text.Length > 1; changes--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(6))
            {
                case 0:
                    text[at] = (char)random.Next(32, 127);
                    break;
                case 1:
                    text.Remove(at, 1);
                    break;
                case 2:
                    text.Insert(at, _pieces[random.Next(_pieces.Length)]);
                    break;
                case 3:
                    text.Remove(at, random.Next(text.Length - at));
                    break;
                case 4:
                    text.Insert(at, text.ToString(at, random.Next(text.Length - at)));
                    break;
                default:
                    text[at] = (char)(text[at] ^ (1 << random.Next(7)));
                    break;
            }
        }

        return text.ToString();
    }
}
