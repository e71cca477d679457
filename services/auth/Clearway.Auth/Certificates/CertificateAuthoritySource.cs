using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Clearway.Auth.Certificates;

/// <summary>
/// Reads the certificate authority at start-up. In development, where nobody brings one, it makes a root and an issuing authority, and
/// a further issuing authority when the newest is about to end.
/// </summary>
internal sealed class CertificateAuthoritySource(
    IOptions<CertificateAuthorityOptions> options,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<CertificateAuthoritySource> log)
{
    /// <summary>How long the old and the new issuing authority of a development machine overlap.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(30);

    // Not *.pem: the root's key is never loaded for serving.
    private const string RootKeyFile = "root.key";

    /// <exception cref="ConfigurationRefusedException">There is no authority that can sign, or one cannot be read.</exception>
    public CertificateAuthority Load()
    {
        var authority = options.Value is { CaDirectory: { Length: > 0 } directory }
            ? LoadFolder(directory)
            : Build(AuthorityPem.Parse(options.Value.CaPem!, "Auth__CaPem"), "Auth__CaPem");
        log.AuthoritiesLoaded(authority.Issuing.Count, authority.Signing?.Certificate.Subject ?? "none");
        return authority;
    }

    private CertificateAuthority LoadFolder(string directory)
    {
        try
        {
            if (environment.IsDevelopment())
            {
                CreateMissing(directory);
            }

            return Build(ReadFiles(directory), $"the folder of Auth__CaDirectory, {directory},");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationRefusedException($"the folder of Auth__CaDirectory cannot be used: {failure.Message}", failure);
        }
    }

    private AuthorityPem ReadFiles(string directory)
    {
        var all = new AuthorityPem([], []);
        foreach (var path in Directory.Exists(directory) ? Directory.GetFiles(directory, "*.pem") : [])
        {
            var pem = AuthorityPem.Parse(File.ReadAllText(path), path);
            if (pem.Keys.Count > 0 && OwnerOnlyFile.IsOpenToOthers(path))
            {
                log.KeyOpenToOthers(path);
            }

            all = new AuthorityPem([.. all.Certificates, .. pem.Certificates], [.. all.Keys, .. pem.Keys]);
        }

        return all;
    }

    private CertificateAuthority Build(AuthorityPem pem, string origin)
    {
        var authority = pem.Build(origin, time);
        return authority.Signing is null
            ? throw new ConfigurationRefusedException($"{origin} has no issuing authority with a key that is valid now")
            : authority;
    }

    private void CreateMissing(string directory)
    {
        var now = time.GetUtcNow();
        var rootKeyPath = Path.Combine(directory, RootKeyFile);
        if (!Directory.Exists(directory) || !Directory.EnumerateFiles(directory, "*.pem").Any())
        {
            using var newRootKey = AuthorityProfile.NewKey();
            using var newRoot = AuthorityProfile.CreateRoot(newRootKey, now);
            OwnerOnlyFile.Write(rootKeyPath, newRootKey.ExportPkcs8PrivateKeyPem() + "\n");
            WriteIssuing(directory, newRoot, newRootKey);
            // Last: a folder without it is taken for empty, and is filled anew.
            Write(Path.Combine(directory, "root.pem"), newRoot.ExportCertificatePem());
            return;
        }

        using var present = ReadFiles(directory).Build(directory, time);
        if (!File.Exists(rootKeyPath) || present.Issuing.Any(authority => authority.HasKey && now + Overlap < authority.NotAfter))
        {
            return;
        }

        using var rootKey = ECDsa.Create();
        rootKey.ImportFromPem(File.ReadAllText(rootKeyPath));
        WriteIssuing(directory, present.Roots[0], rootKey);
    }

    private void WriteIssuing(string directory, X509Certificate2 root, ECDsa rootKey)
    {
        var now = time.GetUtcNow();
        using var key = AuthorityProfile.NewKey();
        using var certificate = AuthorityProfile.CreateIssuing(key, root, rootKey, now);
        Write(
            Path.Combine(directory, $"{now:yyyyMMdd'T'HHmmss'Z'}-issuing.pem"),
            certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    private void Write(string path, string pem)
    {
        OwnerOnlyFile.Write(path, pem + "\n");
        log.AuthorityCreated(path);
    }
}
