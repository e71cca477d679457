using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>Who was kicked is out everywhere: at the gateway's two nodes, at REST, and by the invitation.</summary>
[Collection(nameof(AppCollection))]
public sealed class KickTests(AppFixture fixture) : IDisposable
{
    private static readonly TimeSpan _mostUntilRevoked = TimeSpan.FromSeconds(2);

    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Kick_RevokesTheTokensEverywhereWithinTwoSeconds()
    {
        using var room = await fixture.OrganizeAsync("Kick");
        var (ada, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = ada;
        var grace = await fixture.InviteAsync(room, "Grace");
        var (kicked, _) = await GatewaySocket.JoinAsync(fixture.App, grace.Token);
        await using var __ = kicked;

        // The proxy remembers the token at this moment.
        Assert.Equal(HttpStatusCode.OK, (await MessagesAsync(grace)).Status);

        await ada.SendAsync(new { type = "control_frame", command = "KICK_PEER", target_id = grace.ParticipantId });
        Assert.Equal((4104, "kicked"), await kicked.ReceiveCloseAsync());
        var since = Stopwatch.StartNew();

        // Auth itself knows at once.
        Assert.Equal((HttpStatusCode.Unauthorized, "token_revoked"), await PostAsync("/api/v1/tokens/refresh", grace));
        Assert.Equal((HttpStatusCode.Unauthorized, "token_revoked"), await PostAsync("/api/v1/certificates", grace, new { request = "" }));
        while (await MessagesAsync(grace) is { Status: HttpStatusCode.OK })
        {
            Assert.True(since.Elapsed < _mostUntilRevoked, "a token of somebody who was kicked is still good after 2 s");
            await Task.Delay(20);
        }

        Assert.Equal((HttpStatusCode.Unauthorized, "token_revoked"), await MessagesAsync(grace));

        // Each node of the gateway, and neither by resuming.
        foreach (var hint in new[] { null, room.Links.RoomId, "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc" })
        {
            await using var again = await GatewaySocket.ConnectAsync(fixture.App, roomHint: hint);
            await again.SendAsync(new { type = "join", token = grace.Token });
            Assert.Equal((4101, "token_revoked"), await again.ReceiveCloseAsync());
        }
    }

    [Fact]
    public async Task Kick_OfSomebodyByALinkForAll_MakesNewcomersByThatLinkKnock()
    {
        using var room = await fixture.OrganizeAsync("Barred");
        var (ada, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = ada;
        var spare = await fixture.InviteAsync(room, "Mallory before the kick");
        var mallory = await fixture.InviteAsync(room, "Mallory");
        var (kicked, _) = await GatewaySocket.JoinAsync(fixture.App, mallory.Token);
        await using var __ = kicked;
        await ada.SendAsync(new { type = "control_frame", command = "KICK_PEER", target_id = mallory.ParticipantId });
        Assert.Equal(4104, (await kicked.ReceiveCloseAsync()).CloseCode);

        foreach (var session in new[] { spare, await fixture.InviteAsync(room, "Mallory after it") })
        {
            await using var again = await GatewaySocket.ConnectAsync(fixture.App);
            await again.SendAsync(new { type = "join", token = session.Token });
            await again.ReceiveAsync("knocking");
            await ada.SendAsync(new { type = "control_frame", command = "DENY", target_id = session.ParticipantId });
            Assert.Equal((4109, "not_admitted"), await again.ReceiveCloseAsync());
        }

        // A link of one's own is not touched.
        using var client = fixture.App.CreateClient();
        var guest = await new Guest(client).RedeemAsync(await InvitationForOneAsync(room), "Alan");
        var (alan, _) = await GatewaySocket.JoinAsync(fixture.App, guest.Token);
        await alan.DisposeAsync();
    }

    [Fact]
    public async Task Kick_OfSomebodyByALinkForOne_LeavesNoWayIn()
    {
        using var room = await fixture.OrganizeAsync("For one");
        var (ada, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = ada;
        var invitation = await InvitationForOneAsync(room);
        using var client = fixture.App.CreateClient();
        var mallory = await new Guest(client).RedeemAsync(invitation, "Mallory");
        var (kicked, _) = await GatewaySocket.JoinAsync(fixture.App, mallory.Token);
        await using var __ = kicked;
        await ada.SendAsync(new { type = "control_frame", command = "KICK_PEER", target_id = mallory.ParticipantId });
        Assert.Equal(4104, (await kicked.ReceiveCloseAsync()).CloseCode);

        using var answer = await client.PostAsJsonAsync("/api/v1/invitations/redeem", new { invitation, name = "Mallory" });

        Assert.Equal((HttpStatusCode.Gone, "invitation_used"), await CodeAsync(answer));
    }

    private static async Task<string> InvitationForOneAsync(OrganizedRoom room)
    {
        using var answer = await room.Client.PostAsJsonAsync(
            "/api/v1/invitations", new { organizer_invitation = room.Links.OrganizerInvitation, max_uses = 1 });
        answer.EnsureSuccessStatusCode();
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["invitation"]!.GetValue<string>();
    }

    private async Task<(HttpStatusCode Status, string? Code)> MessagesAsync(Session session)
    {
        using var client = Client(session);
        using var answer = await client.GetAsync($"/api/v1/rooms/{session.RoomId}/messages");
        return await CodeAsync(answer);
    }

    private async Task<(HttpStatusCode Status, string? Code)> PostAsync(string path, Session session, object? body = null)
    {
        using var client = Client(session);
        using var answer = await client.PostAsJsonAsync(path, body ?? new { });
        return await CodeAsync(answer);
    }

    private HttpClient Client(Session session)
    {
        var client = fixture.App.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.Token);
        return client;
    }

    private static async Task<(HttpStatusCode Status, string? Code)> CodeAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
}
