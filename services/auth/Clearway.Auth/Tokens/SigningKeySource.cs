using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tokens;

/// <summary>Reads the signing keys at start-up; makes the first one in development, where there is nobody to bring it.</summary>
internal sealed class SigningKeySource(
    IOptions<SigningKeyOptions> options,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<SigningKeySource> log)
{
    /// <exception cref="ConfigurationRefusedException">There is no key, or one cannot be read.</exception>
    public SigningKeys Load()
    {
        var keys = options.Value is { KeysDirectory: { Length: > 0 } directory }
            ? LoadFolder(directory)
            : Parse(options.Value.SigningKeyPem!, "Auth__SigningKeyPem");
        log.SigningKeysLoaded(keys.Count, keys[0].KeyId);
        return new SigningKeys(keys);
    }

    private List<SigningKey> LoadFolder(string directory)
    {
        try
        {
            if (environment.IsDevelopment() && !HasKeys(directory))
            {
                Create(directory);
            }

            // Names begin with the time of creation, so the ordinal order is the order of age.
            var keys = Directory.Exists(directory)
                ? Directory.GetFiles(directory, "*.pem").OrderDescending(StringComparer.Ordinal).SelectMany(ReadFile).ToList()
                : [];
            return keys.Count > 0
                ? keys
                : throw new ConfigurationRefusedException($"no signing key (*.pem, PKCS#8, P-256) in the folder of Auth__KeysDirectory, {directory}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationRefusedException($"the folder of Auth__KeysDirectory cannot be used: {failure.Message}", failure);
        }
    }

    private static bool HasKeys(string directory) => Directory.Exists(directory) && Directory.EnumerateFiles(directory, "*.pem").Any();

    private void Create(string directory)
    {
        var path = Path.Combine(directory, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-es256.pem");
        OwnerOnlyFile.Write(path, SigningKey.NewPem());
        log.SigningKeyCreated(path);
    }

    private List<SigningKey> ReadFile(string path)
    {
        if (OwnerOnlyFile.IsOpenToOthers(path))
        {
            log.KeyOpenToOthers(path);
        }

        return Parse(File.ReadAllText(path), path);
    }

    private static List<SigningKey> Parse(string pem, string origin)
    {
        var keys = new List<SigningKey>();
        for (var rest = pem.AsSpan(); PemEncoding.TryFind(rest, out var block); rest = rest[block.Location.End..])
        {
            if (rest[block.Label] is not "PRIVATE KEY")
            {
                throw new ConfigurationRefusedException($"{origin} holds a PEM block that is not a PKCS#8 PRIVATE KEY");
            }

            try
            {
                keys.Add(SigningKey.FromPkcs8(Convert.FromBase64String(rest[block.Base64Data].ToString())));
            }
            catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
            {
                throw new ConfigurationRefusedException($"{origin} holds no P-256 key: {failure.Message}", failure);
            }
        }

        return keys.Count > 0 ? keys : throw new ConfigurationRefusedException($"{origin} holds no PEM block");
    }
}
