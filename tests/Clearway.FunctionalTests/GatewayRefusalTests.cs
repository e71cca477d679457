using System.Net.WebSockets;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>What bad input to the gateway gets, through the proxy, from the gateway as it is deployed.</summary>
[Collection(nameof(AppCollection))]
public sealed class GatewayRefusalTests(AppFixture fixture) : IDisposable
{
    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Upgrade_FromAnotherOrigin_IsRefusedWith403()
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => GatewaySocket.ConnectAsync(fixture.App, origin: "https://evil.example"));

        Assert.Equal(403, refused.Data["status"]);
    }

    [Fact]
    public async Task Upgrade_FromOwnOrigin_IsAccepted()
    {
        await using var gateway = await GatewaySocket.ConnectAsync(fixture.App, origin: fixture.App.Address.GetLeftPart(UriPartial.Authority));

        Assert.Null(gateway.CloseCode);
    }

    [Theory]
    [InlineData("{\"type\":", 4100, "bad_json")]
    [InlineData("[]", 4100, "bad_json")]
    [InlineData("{\"type\":\"chat\",\"text\":\"hi\"}", 4107, "join_expected")]
    [InlineData("{\"type\":\"join\",\"token\":\"e30.e30.e30\"}", 4101, "token_malformed")]
    public async Task FirstFrame_ThatIsNoProperJoin_ClosesTheConnection(string frame, int closeCode, string errorCode)
    {
        await using var gateway = await GatewaySocket.ConnectAsync(fixture.App);

        await gateway.SendTextAsync(frame);

        Assert.Equal((closeCode, errorCode), await gateway.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Join_WithForgedToken_ClosesTheConnection()
    {
        using var room = await fixture.OrganizeAsync();
        await using var gateway = await GatewaySocket.ConnectAsync(fixture.App);
        var token = room.Organizer.Token;
        var at = token.LastIndexOf('.') + 10;

        await gateway.SendAsync(new { type = "join", token = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..] });

        Assert.Equal((4101, "token_signature"), await gateway.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Join_WithInvitationInsteadOfRoomToken_ClosesTheConnection()
    {
        using var room = await fixture.OrganizeAsync();
        await using var gateway = await GatewaySocket.ConnectAsync(fixture.App);

        await gateway.SendAsync(new { type = "join", token = room.Links.Invitation });

        Assert.Equal((4101, "token_audience"), await gateway.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData(64 * 1024 + 1, 1009)]
    [InlineData(200 * 1024, 1009)]
    public async Task Frame_Over64KiB_ClosesTheConnection(int bytes, int closeCode)
    {
        using var room = await fixture.OrganizeAsync();
        var (gateway, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = gateway;
        const string Empty = "{\"type\":\"chat\",\"text\":\"\"}";

        await gateway.SendTextAsync(Empty.Insert(Empty.Length - 2, new string('x', bytes - Empty.Length)));

        Assert.Equal(closeCode, (await gateway.ReceiveCloseAsync()).CloseCode);
    }

    [Fact]
    public async Task Frame_OfExactly64KiB_KeepsTheConnection()
    {
        using var room = await fixture.OrganizeAsync();
        var (gateway, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = gateway;
        const string Empty = "{\"type\":\"chat\",\"text\":\"\"}";

        await gateway.SendTextAsync(Empty.Insert(Empty.Length - 2, new string('x', (64 * 1024) - Empty.Length)));

        Assert.Equal("chat_too_long", (await gateway.ReceiveAsync("error"))["code"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("{\"type\":\"offer\",\"target_id\":\"p-nobody\",\"payload\":{}}", "target_unknown")]
    [InlineData("{\"type\":\"dance\"}", "unknown_type")]
    [InlineData("{\"type\":\"chat\",\"text\":\"\\u202e\"}", "chat_empty")]
    [InlineData("{\"type\":\"chat\",\"system_data\":\"{\\\"kind\\\":\\\"recording\\\"}\",\"security\":\"00\"}", "system_message_forged")]
    public async Task Message_ThatIsRefused_KeepsTheConnection(string frame, string code)
    {
        using var room = await fixture.OrganizeAsync();
        var (gateway, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = gateway;

        await gateway.SendTextAsync(frame);
        Assert.Equal(code, (await gateway.ReceiveAsync("error"))["code"]!.GetValue<string>());

        await gateway.SendAsync(new { type = "chat", text = "still here" });
        Assert.Equal("still here", (await gateway.ReceiveAsync("chat_broadcast"))["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task StartRecord_ByAParticipant_IsRefused()
    {
        using var room = await fixture.OrganizeAsync();
        var guest = await fixture.InviteAsync(room, "Grace");
        var (gateway, _) = await GatewaySocket.JoinAsync(fixture.App, guest.Token);
        await using var _ = gateway;

        await gateway.SendAsync(new { type = "control_frame", command = "START_RECORD" });

        Assert.Equal("role_forbidden", (await gateway.ReceiveAsync("error"))["code"]!.GetValue<string>());
    }
}
