using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Clearway.TestServers;
using Xunit;

namespace Clearway.Proxy.Tests;

/// <summary>The proxy as the end of TLS, configured as docs/operations.md says.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task Page_OverTls_IsHttp2AndStaysOnTls()
    {
        await using var secure = await SecureEdge.StartAsync();
        using var client = secure.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = "meet.example.org";
        using var answer = await client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.True(answer.Headers.TryGetValues("Strict-Transport-Security", out var policy));
        Assert.Contains("max-age=", policy.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Socket_OverHttp2_ReachesTheGateway()
    {
        await using var secure = await SecureEdge.StartAsync();
        using var invoker = new HttpMessageInvoker(secure.Handler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("clearway.v1");
        await socket.ConnectAsync(new UriBuilder(secure.Address) { Scheme = "wss", Path = "/api/v1/ws" }.Uri, invoker, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{}"), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[16];
        var echo = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.Equal("{}", Encoding.UTF8.GetString(buffer, 0, echo.Count));
    }

    [Fact]
    public async Task Tls_OfAnOldVersion_IsRefused()
    {
        await using var secure = await SecureEdge.StartAsync();
        using var handler = secure.Handler();
#pragma warning disable CA5397, CA5398, SYSLIB0039 // The version that must not work.
        handler.SslOptions.EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls11;
#pragma warning restore CA5397, CA5398, SYSLIB0039
        using var client = new HttpClient(handler) { BaseAddress = secure.Address };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/health/live", UriKind.Relative)));
    }

    /// <summary>A proxy in production whose one endpoint is TLS, with a certificate made for the test.</summary>
    private sealed class SecureEdge : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder;
        private readonly Edge _edge;
        private readonly string _thumbprint;

        private SecureEdge(TemporaryFolder folder, Edge edge, string thumbprint)
        {
            _folder = folder;
            _edge = edge;
            _thumbprint = thumbprint;
        }

        internal Uri Address => _edge.Address;

        internal static async Task<SecureEdge> StartAsync()
        {
            var folder = new TemporaryFolder("tls");
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=meet.example.org", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
            var (certificatePath, keyPath) = (Path.Combine(folder.Path, "tls.crt"), Path.Combine(folder.Path, "tls.key"));
            await File.WriteAllTextAsync(certificatePath, certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(keyPath, key.ExportPkcs8PrivateKeyPem());
            var edge = await Edge.StartAsync(
                "Production",
                ("Kestrel:Endpoints:http:Url", "https://127.0.0.1:0"),
                ("Kestrel:Endpoints:http:Protocols", "Http1AndHttp2"),
                ("Kestrel:Endpoints:http:Certificate:Path", certificatePath),
                ("Kestrel:Endpoints:http:Certificate:KeyPath", keyPath),
                ("Clearway:AllowedOrigins:0", "https://meet.example.org"));
            return new SecureEdge(folder, edge, certificate.Thumbprint);
        }

        internal SocketsHttpHandler Handler() => new()
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 one && one.Thumbprint == _thumbprint,
            },
        };

        internal HttpClient Client() => new(Handler()) { BaseAddress = Address };

        public async ValueTask DisposeAsync()
        {
            await _edge.DisposeAsync();
            _folder.Dispose();
        }
    }
}
