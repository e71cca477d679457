using System.Net.WebSockets;
using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>More than a node takes on.</summary>
public class LoadSheddingTests
{
    [Fact]
    public async Task Connection_OverTheLimit_IsRefusedBeforeTheHandshake()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:MaxConnections", "1"));
        await using var ada = await gateway.JoinAsync("full", "Ada");

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => gateway.ConnectAsync());

        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        using var http = new HttpClient();
        using var upgrade = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/api/v1/ws"));
        upgrade.Headers.Connection.Add("Upgrade");
        upgrade.Headers.Upgrade.Add(new("websocket"));
        upgrade.Headers.Add("Sec-WebSocket-Version", "13");
        upgrade.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        upgrade.Headers.Add("Sec-WebSocket-Protocol", "clearway.v1");
        using var answer = await http.SendAsync(upgrade);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("\"overloaded\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        ada.Cut();
        await Eventually.TrueAsync(() => TryConnectAsync(gateway).GetAwaiter().GetResult(), "the place is free again");
    }

    [Fact]
    public async Task Joins_OverTheRate_AreToldWhenToComeBack()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:MaxJoinsPerSecond", "1"));
        await using var ada = await gateway.JoinAsync("rate", "Ada");

        await AssertShedAsync(gateway, "rate");
    }

    [Fact]
    public async Task Joins_WhileTooManyWait_AreRefusedAtOnce()
    {
        // With much patience for Redis, so that the circuit towards it stays closed and the first join waits.
        await using var gateway = await Gateway.StartAsync(
            settings:
            [
                ("Signaling:MaxJoinsInFlight", "1"), ("Signaling:RedisTimeout", "00:01:00"), ("Signaling:NodeTimeout", "00:10:00"),
            ]);
        await gateway.Redis.FreezeAsync();
        await using var one = await gateway.ConnectAsync();
        await using var other = await gateway.ConnectAsync();
        await one.SendAsync(Join("flight", "p-one"));
        await other.SendAsync(Join("flight", "p-other"));

        // Whichever comes second while the first waits for Redis.
        var refused = await await Task.WhenAny(one.ExpectCloseAsync(), other.ExpectCloseAsync());
        await gateway.Redis.ThawAsync();

        Assert.Equal(("overloaded", 4004), refused);
    }

    private static string Join(string room, string id) =>
        $$"""{"type":"join","token":"{{AuthDouble.Token(room, id, id, Role.Participant)}}"}""";

    private static async Task AssertShedAsync(Gateway gateway, string room)
    {
        await using var late = await gateway.ConnectAsync();
        await late.SendAsync(Join(room, "p-late"));
        var error = await late.ExpectFirstAsync();
        Assert.Equal("overloaded", (string?)error["code"]);
        Assert.InRange((int)error["retry_after_ms"]!, 1, 3_000);
        Assert.Equal((null, 4004), await late.ExpectCloseAsync());
    }

    private static async Task<bool> TryConnectAsync(Gateway gateway)
    {
        try
        {
            await using var somebody = await gateway.ConnectAsync();
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }
}
