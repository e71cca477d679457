using System.Runtime.Versioning;
using System.Security.Cryptography;
using Clearway.Auth.Tokens;
using Clearway.Testing;
using Clearway.TestServers;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tests;

/// <summary>Keys are made once in development, kept, rotated with overlap, and never made up elsewhere.</summary>
public sealed class SigningKeySourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new("keys");
    private readonly ManualTime _time = new();

    private string Keys => Path.Combine(_folder.Path, "keys");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Load_FirstRunInDevelopment_MakesOneKeyForItsOwnerOnly()
    {
        using var keys = Load();

        var file = Assert.Single(Directory.GetFiles(Keys));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Keys));
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Again_HasTheSameKey()
    {
        using var first = Load();
        using var second = Load(environment: Environments.Production);

        Assert.Equal(first.Signing.KeyId, second.Signing.KeyId);
        Assert.NotNull(Verify(second, Issue(first)).Token);
    }

    [Fact]
    public void Load_NewerKeyAdded_SignsWithItAndVerifiesBoth()
    {
        using var before = Load();
        File.WriteAllText(Path.Combine(Keys, "20270101T000000Z-es256.pem"), SigningKey.NewPem());
        using var after = Load();

        Assert.Equal(2, after.All.Count);
        Assert.NotEqual(before.Signing.KeyId, after.Signing.KeyId);
        Assert.NotNull(Verify(after, Issue(before)).Token);
        Assert.Equal(TokenRefusal.Signature, Verify(before, Issue(after)).Refusal);
        Assert.Equal([after.Signing.KeyId, before.Signing.KeyId], JsonWebKeySet.Of(after).Keys.Select(key => key.KeyId));
    }

    [Fact]
    public void Load_OldKeyTakenAway_RefusesItsTokens()
    {
        using var before = Load();
        var old = Directory.GetFiles(Keys).Single();
        File.WriteAllText(Path.Combine(Keys, "20270101T000000Z-es256.pem"), SigningKey.NewPem());
        File.Delete(old);
        using var after = Load();

        Assert.Equal(TokenRefusal.Signature, Verify(after, Issue(before)).Refusal);
    }

    [Fact]
    public void Load_PemOfConfiguration_IsUsedAnywhere()
    {
        var (first, second) = (SigningKey.NewPem(), SigningKey.NewPem());
        using var keys = Load(new SigningKeyOptions { SigningKeyPem = first + second }, Environments.Production);
        using var old = Load(new SigningKeyOptions { SigningKeyPem = second }, Environments.Production);

        Assert.Equal(2, keys.All.Count);
        Assert.NotNull(Verify(keys, Issue(old)).Token);
        Assert.Equal(TokenRefusal.Signature, Verify(old, Issue(keys)).Refusal);
    }

    [Fact]
    public void Load_NoKeyOutsideDevelopment_IsRefusedAndMakesNone()
    {
        Assert.Throws<ConfigurationRefusedException>(() => Load(environment: Environments.Production));
        Assert.False(Directory.Exists(Keys));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("P-384")]
    [InlineData("RSA")]
    [InlineData("SEC1")]
    [InlineData("public")]
    public void Load_FileThatIsNoKeyOfOurs_IsRefusedByName(string content)
    {
        Directory.CreateDirectory(Keys);
        File.WriteAllText(Path.Combine(Keys, "a.pem"), content switch { "P-384" => P384(), "RSA" => Rsa(), "SEC1" => Sec1(), "public" => Public(), _ => content });

        var refusal = Assert.Throws<ConfigurationRefusedException>(() => Load());

        Assert.Contains("a.pem", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    public void Dispose() => _folder.Dispose();

    private SigningKeys Load(SigningKeyOptions? options = null, string? environment = null) => new SigningKeySource(
        Options.Create(options ?? new SigningKeyOptions { KeysDirectory = Keys }),
        new Place { EnvironmentName = environment ?? Environments.Development },
        _time,
        NullLogger<SigningKeySource>.Instance).Load();

    private string Issue(SigningKeys keys) => new TokenIssuer(keys, _time).Issue(TokenTests.Room("Grace", "Weekly")).Token;

    private TokenVerdict<RoomClaims> Verify(SigningKeys keys, string token) => new TokenVerifier(new JwsVerifier(keys), _time).Verify<RoomClaims>(token);

    private static string P384()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Rsa()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Sec1()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportECPrivateKeyPem();
    }

    private static string Public()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private sealed class Place : IHostEnvironment
    {
        public required string EnvironmentName { get; set; }

        public string ApplicationName { get; set; } = "Clearway.Auth";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
