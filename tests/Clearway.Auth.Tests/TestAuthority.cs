using Clearway.Auth.Certificates;

namespace Clearway.Auth.Tests;

/// <summary>A certificate authority as an operator brings it: one PEM with the root's certificate and an issuing authority with its key.</summary>
internal static class TestAuthority
{
    public static string NewPem(DateTimeOffset now)
    {
        using var rootKey = AuthorityProfile.NewKey();
        using var root = AuthorityProfile.CreateRoot(rootKey, now - TimeSpan.FromMinutes(1));
        using var key = AuthorityProfile.NewKey();
        using var issuing = AuthorityProfile.CreateIssuing(key, root, rootKey, now - TimeSpan.FromMinutes(1));
        return string.Join('\n', root.ExportCertificatePem(), issuing.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
