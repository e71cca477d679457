using Microsoft.Extensions.Options;

namespace Clearway.Auth.Tokens;

/// <summary>Where the signing keys are, section <c>Auth</c>: a folder, or the keys themselves.</summary>
internal sealed class SigningKeyOptions
{
    /// <summary>Folder of PKCS#8 PEM files; the last one in ordinal order of file names signs.</summary>
    public string? KeysDirectory { get; set; }

    /// <summary>PKCS#8 PEM instead of a folder; of several blocks the first one signs.</summary>
    public string? SigningKeyPem { get; set; }
}

/// <summary>Exactly one of the two.</summary>
internal sealed class SigningKeyOptionsValidator : IValidateOptions<SigningKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, SigningKeyOptions options) =>
        (string.IsNullOrWhiteSpace(options.KeysDirectory), string.IsNullOrWhiteSpace(options.SigningKeyPem)) switch
        {
            (true, true) => ValidateOptionsResult.Fail("no signing key: set Auth__KeysDirectory to a folder or Auth__SigningKeyPem to a PKCS#8 PEM"),
            (false, false) => ValidateOptionsResult.Fail("Auth__KeysDirectory and Auth__SigningKeyPem are both set: keep one"),
            _ => ValidateOptionsResult.Success,
        };
}
