using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Clearway.Signaling.Tests.Driver;
using Clearway.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Signaling.Tests.Framing;

/// <summary>An upgraded connection is the WebSocket's alone: the request it came by does not last as long as the call.</summary>
public class HandoverTests
{
    [Fact]
    public async Task Request_OnceItIsUpgraded_HasEndedWhileTheSocketGoesOn()
    {
        await using var gateway = await Gateway.StartAsync();
        var meters = gateway.Nodes[0].Services.GetRequiredService<IMeterFactory>();
        var (begun, open) = (0L, 0L);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == meters && instrument.Name == "http.server.active_requests")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) =>
        {
            Interlocked.Add(ref open, change);
            Interlocked.Add(ref begun, Math.Max(change, 0));
        });
        listener.Start();

        using var ada = await RawSocket.JoinAsync(gateway.Address, "handed", "Ada");
        await Eventually.TrueAsync(() => Interlocked.Read(ref begun) > 0 && Interlocked.Read(ref open) == 0, "no request is open");

        await SayAndHearAsync(ada);
    }

    [Fact]
    public async Task Socket_OverTls_IsServedToo()
    {
        await using var gateway = await Gateway.StartAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(1));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{ServerProcess.FreePort()}"));
            await using var node = await gateway.StartProcessAsync(
                ("Kestrel:Endpoints:tls:Url", address.ToString()),
                ("Kestrel:Endpoints:tls:Certificate:Path", file),
                ("Kestrel:Endpoints:tls:Certificate:KeyPath", file));

            using var ada = await RawSocket.JoinAsync(address, "sealed", "Ada", trusted: certificate);

            await SayAndHearAsync(ada);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task SayAndHearAsync(RawSocket socket)
    {
        await socket.SendAsync("""{"type":"chat","text":"still here"}""");
        Assert.Equal("still here", (string?)(await socket.ExpectAsync("chat_broadcast")).Json["text"]);
    }
}
