using System.Net;
using System.Net.Sockets;

namespace Clearway.Auth.Tests;

/// <summary>A token that names where its key is to be found makes nobody look there.</summary>
[Collection(nameof(RunningAuth))]
public sealed class OutboundTests(AuthHost host)
{
    [Fact]
    public async Task Refresh_TokensThatNameAKeyElsewhere_FetchNothing()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/key";
        using var stranger = Forge.NewKey();
        string[] headers =
        [
            $$"""{"alg":"ES256","typ":"JWT","kid":"{{url}}"}""",
            $$"""{"alg":"ES256","typ":"JWT","kid":"{{stranger.KeyId}}","jku":"{{url}}"}""",
            $$"""{"alg":"ES256","typ":"JWT","kid":"{{stranger.KeyId}}","x5u":"{{url}}"}""",
            $$"""{"alg":"ES256","typ":"JWT","kid":"{{host.Keys.Signing.KeyId}}","jku":"{{url}}","x5u":"{{url}}"}""",
            $$"""{"alg":"RS256","typ":"JWT","jku":"{{url}}"}""",
        ];

        foreach (var header in headers)
        {
            var payload = $$"""{"iss":"{{url}}","aud":"room","sub":"p-abcdefghijklmnop","tenant":"default","iat":1,"nbf":1,"exp":2,"jti":"abcdefghijklmnop"}""";
            var (status, _, _) = await host.PostAsync("/api/v1/tokens/refresh", new { }, bearer: Forge.Sign(header, payload, data => stranger.Sign(data)));
            Assert.Equal(401, status);
        }

        Assert.False(elsewhere.Pending());
        // The watch can fail: a connection to that address is noticed.
        using var probe = new TcpClient();
        await probe.ConnectAsync((IPEndPoint)elsewhere.LocalEndpoint);
        Assert.True(elsewhere.Pending());
    }
}
