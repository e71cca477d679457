using Microsoft.Extensions.Options;

namespace Clearway.Auth.Certificates;

/// <summary>Where the certificate authority is, section <c>Auth</c>: a folder, or the PEM itself.</summary>
internal sealed class CertificateAuthorityOptions
{
    /// <summary>
    /// Folder of PEM files: the certificate of the root, and of each issuing authority its certificate and PKCS#8 key. The root's key
    /// does not belong there; only in development, where it is made, it lies beside them as <c>root.key</c>.
    /// </summary>
    public string? CaDirectory { get; set; }

    /// <summary>The same in one PEM instead of a folder.</summary>
    public string? CaPem { get; set; }

    /// <summary>
    /// Whether browsers refuse connections without a proof of who is at their other end. Without it a signaling server that takes the proofs
    /// away makes people see a warning, and nothing more.
    /// </summary>
    public bool RequireVerified { get; set; } = true;
}

/// <summary>Exactly one of the two.</summary>
internal sealed class CertificateAuthorityOptionsValidator : IValidateOptions<CertificateAuthorityOptions>
{
    public ValidateOptionsResult Validate(string? name, CertificateAuthorityOptions options) =>
        (string.IsNullOrWhiteSpace(options.CaDirectory), string.IsNullOrWhiteSpace(options.CaPem)) switch
        {
            (true, true) => ValidateOptionsResult.Fail(
                "no certificate authority: set Auth__CaDirectory to a folder or Auth__CaPem to the certificates and the issuing key in PEM"),
            (false, false) => ValidateOptionsResult.Fail("Auth__CaDirectory and Auth__CaPem are both set: keep one"),
            _ => ValidateOptionsResult.Success,
        };
}
