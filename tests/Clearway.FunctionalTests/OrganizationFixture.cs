using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.TestServers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Clearway.FunctionalTests;

/// <summary>
/// Auth and the proxy as processes, the proxy as the end of TLS with an endpoint that asks for client certificates, and two organizations:
/// Acme, whose intermediate authority may certify addresses of acme.example alone, and Umbrella, whose certificates name a list of those revoked.
/// </summary>
public sealed class OrganizationFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new("organizations");
    private readonly ConcurrentDictionary<string, byte[]> _lists = new();
    private readonly List<ServerProcess> _services = [];
    private RedisServer? _redis;
    private WebApplication? _listServer;
    private string _thumbprint = "";

    internal OpenSslAuthority Acme { get; private set; } = null!;

    internal OpenSslAuthority Umbrella { get; private set; } = null!;

    internal string Folder => _folder.Path;

    /// <summary>Where Umbrella publishes what it revoked; nothing is there before <see cref="Publish"/>.</summary>
    internal Uri Lists { get; private set; } = null!;

    private Uri Address { get; set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var root = await OpenSslAuthority.RootAsync(Folder, "acme-root");
        Acme = await root.IntermediateAsync("acme-people", "nameConstraints=critical,permitted;email:acme.example");
        Umbrella = await OpenSslAuthority.RootAsync(Folder, "umbrella-root");
        await File.WriteAllTextAsync(Path.Combine(Folder, "acme.pem"), await File.ReadAllTextAsync(root.Path) + await File.ReadAllTextAsync(Acme.Path));
        await StartListsAsync();
        _redis = await RedisServer.StartAsync();
        var (http, grpc) = await StartAuthAsync();
        await StartProxyAsync(http, grpc);
    }

    /// <summary>Puts a list at a path of <see cref="Lists"/>.</summary>
    internal void Publish(string path, byte[] list) => _lists[path] = list;

    /// <summary>A client that shows this certificate, or none, and keeps no cookie by itself.</summary>
    internal HttpClient Client(X509Certificate2? certificate) => new(new SocketsHttpHandler
    {
        UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 one && one.Thumbprint == _thumbprint,
            ClientCertificates = certificate is null ? null : new X509Certificate2Collection(certificate),
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        },
    })
    { BaseAddress = Address };

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        if (_listServer is not null)
        {
            await _listServer.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private async Task StartListsAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        _listServer = builder.Build();
        _listServer.Urls.Add("http://127.0.0.1:0");
        _listServer.Run(context => _lists.TryGetValue(context.Request.Path, out var list)
            ? context.Response.Body.WriteAsync(list).AsTask()
            : Results.NotFound().ExecuteAsync(context));
        await _listServer.StartAsync();
        Lists = new Uri(_listServer.Urls.First());
    }

    private async Task<(string Http, string Grpc)> StartAuthAsync()
    {
        var (http, grpc) = (ServerProcess.FreePort(), ServerProcess.FreePort());
        await StartAsync("auth", "Clearway.Auth", http, new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__redis"] = _redis!.ConnectionString,
            ["Kestrel__Endpoints__http__Url"] = Local(http),
            ["Kestrel__Endpoints__grpc__Url"] = Local(grpc),
            ["Auth__KeysDirectory"] = Path.Combine(Folder, "keys"),
            ["Auth__CaDirectory"] = Path.Combine(Folder, "ca"),
            ["Auth__OrganizerPassword"] = "a password made for these tests",
            ["Auth__Organizations__0__AuthoritiesFile"] = Path.Combine(Folder, "acme.pem"),
            ["Auth__Organizations__0__Revocation"] = "None",
            ["Auth__Organizations__0__Tenants__0__Tenant"] = "acme-labs",
            ["Auth__Organizations__0__Tenants__0__Organization"] = "Acme",
            ["Auth__Organizations__0__Tenants__0__Unit"] = "Labs",
            ["Auth__Organizations__0__Tenants__1__Tenant"] = "acme",
            ["Auth__Organizations__0__Tenants__1__Organization"] = "Acme",
            ["Auth__Organizations__0__Tenants__1__EmailDomain"] = "acme.example",
            ["Auth__Organizations__1__AuthoritiesFile"] = Umbrella.Path,
            ["Auth__Organizations__1__Revocation"] = "Online",
            ["Auth__Organizations__1__Identity"] = "Subject",
            ["Auth__Organizations__1__Tenants__0__Tenant"] = "umbrella",

            // Lists that were fetched are kept under the home folder.
            ["HOME"] = Folder,
        });
        return (Local(http), Local(grpc));
    }

    private async Task StartProxyAsync(string authHttp, string authGrpc)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=meet.example.org", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
        var (certificatePath, keyPath) = (Path.Combine(Folder, "tls.crt"), Path.Combine(Folder, "tls.key"));
        await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
        _thumbprint = certificate.Thumbprint;
        var port = ServerProcess.FreePort();
        Address = new Uri(Local(port).Replace("http:", "https:", StringComparison.Ordinal));
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Kestrel__Endpoints__http__Url"] = Address.AbsoluteUri,
            ["Kestrel__Endpoints__http__Protocols"] = "Http1AndHttp2",
            ["Kestrel__Endpoints__http__Certificate__Path"] = certificatePath,
            ["Kestrel__Endpoints__http__Certificate__KeyPath"] = keyPath,
            ["Kestrel__Endpoints__http__ClientCertificateMode"] = "AllowCertificate",
            ["Clearway__AllowedOrigins__0"] = "https://meet.example.org",
        };
        foreach (var service in new[] { "signaling", "chat", "storage" })
        {
            settings[$"services__{service}__http__0"] = settings[$"services__{service}__grpc__0"] = "http://127.0.0.1:1";
        }

        (settings["services__auth__http__0"], settings["services__auth__grpc__0"]) = (authHttp, authGrpc);
        await StartAsync("proxy", "Clearway.Proxy", port, settings);
    }

    private async Task StartAsync(string folder, string project, int port, Dictionary<string, string> settings)
    {
        var metadata = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(one => one.Key, one => one.Value!);
        var program = Path.Combine(metadata["Services"], folder, project, "bin", metadata["Configuration"], "net10.0", project + ".dll");
        _services.Add(await ServerProcess.StartAsync(
            "dotnet", ["exec", program], port, environment: settings, folder: Path.GetDirectoryName(program)));
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
