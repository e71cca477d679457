using System.Security.Cryptography.X509Certificates;
using Clearway.TestServers;

namespace Clearway.FunctionalTests;

/// <summary>An authority of an organization, made and used by <c>openssl</c> alone, in a folder of its own.</summary>
internal sealed class OpenSslAuthority
{
    private readonly string _folder;
    private readonly string _name;
    private int _made;

    private OpenSslAuthority(string folder, string name) => (_folder, _name) = (folder, name);

    /// <summary>Its certificate, in PEM.</summary>
    internal string Path => In(_name + ".pem");

    private string Key => In(_name + ".key");

    /// <summary>A root.</summary>
    internal static async Task<OpenSslAuthority> RootAsync(string folder, string name)
    {
        var root = new OpenSslAuthority(folder, name);
        await ServerProcess.RunAsync(
            "openssl",
            [
                "req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256", "-days", "30",
                "-subj", "/CN=" + name, "-keyout", root.Key, "-out", root.Path,
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            ]);
        return root;
    }

    /// <summary>An authority under this one, with these extensions beside those of every authority.</summary>
    internal async Task<OpenSslAuthority> IntermediateAsync(string name, string extensions)
    {
        var intermediate = new OpenSslAuthority(_folder, name);
        await IssueAsync(
            "/CN=" + name, "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n" + extensions, 30, intermediate.Key, intermediate.Path);
        return intermediate;
    }

    /// <summary>Somebody's certificate with its key.</summary>
    /// <param name="subject">As openssl writes it: <c>/O=Acme/CN=Ada</c>.</param>
    /// <param name="extensions">Lines of an extension file.</param>
    /// <param name="days">How long it lives from now; negative: it ended so long ago.</param>
    internal async Task<X509Certificate2> CertificateAsync(string subject, string extensions, int days = 1)
    {
        var (key, path) = (In($"{_name}-{++_made}.key"), In($"{_name}-{_made}.pem"));
        await IssueAsync(subject, extensions, days, key, path);
        using var certificate = X509Certificate2.CreateFromPemFile(path, key);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>The list of what it revoked, in DER.</summary>
    internal async Task<byte[]> RevocationListAsync(X509Certificate2 revoked)
    {
        var (settings, list, one) = (In("ca.cnf"), In("revoked.crl"), In("revoked.pem"));
        await File.WriteAllTextAsync(
            settings,
            $"[ca]\ndefault_ca=d\n[d]\ndatabase={In("index.txt")}\ncrlnumber={In("crlnumber")}\ndefault_md=sha256\ndefault_crl_days=1\n");
        await File.WriteAllTextAsync(In("index.txt"), "");
        await File.WriteAllTextAsync(In("crlnumber"), "01\n");
        await File.WriteAllTextAsync(one, revoked.ExportCertificatePem());
        string[] authority = ["ca", "-config", settings, "-cert", Path, "-keyfile", Key];
        await ServerProcess.RunAsync("openssl", [.. authority, "-revoke", one]);
        await ServerProcess.RunAsync("openssl", [.. authority, "-gencrl", "-out", list]);
        await ServerProcess.RunAsync("openssl", ["crl", "-in", list, "-outform", "DER", "-out", list + ".der"]);
        return await File.ReadAllBytesAsync(list + ".der");
    }

    private async Task IssueAsync(string subject, string extensions, int days, string key, string path)
    {
        await File.WriteAllTextAsync(path + ".ext", extensions);
        await ServerProcess.RunAsync(
            "openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256",
                "-subj", subject, "-keyout", key, "-out", path + ".csr",
            ]);
        await ServerProcess.RunAsync(
            "openssl",
            [
                "x509", "-req", "-in", path + ".csr", "-CA", Path, "-CAkey", Key, "-CAcreateserial", "-sha256",
                "-days", days.ToString(System.Globalization.CultureInfo.InvariantCulture), "-extfile", path + ".ext", "-out", path,
            ]);
    }

    private string In(string file) => System.IO.Path.Combine(_folder, file);
}
