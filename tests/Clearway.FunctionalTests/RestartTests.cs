using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>Stopping and starting the whole again.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Restart_OfTheWhole_KeepsKeysInvitationsChatAndRecordings()
    {
        var state = Directory.CreateTempSubdirectory("clearway-state-");
        try
        {
            string keys, token, recording;
            RoomLinks links;
            await using (var app = await ClearwayApp.StartAsync(state.FullName))
            {
                using var client = app.CreateClient();
                var organizer = new Guest(client);
                await organizer.SignInAsync("Ada");
                links = await organizer.CreateRoomAsync("Remembered");
                token = (await organizer.RedeemAsync(links.OrganizerInvitation, "Ada")).Token;
                keys = await client.GetStringAsync("/.well-known/jwks.json");
                var (gateway, _) = await GatewaySocket.JoinAsync(app, token);
                await using var _ = gateway;
                await gateway.SendAsync(new { type = "chat", text = "remember me" });
                await gateway.ReceiveAsync("chat_broadcast");
                recording = (await Recorder.RecordAsync(client, gateway))["link"]!.GetValue<string>();
            }

            await using (var app = await ClearwayApp.StartAsync(state.FullName))
            {
                using var client = app.CreateClient();
                Assert.Equal(keys, await client.GetStringAsync("/.well-known/jwks.json"));

                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                var page = await client.GetFromJsonAsync<JsonNode>($"/api/v1/rooms/{links.RoomId}/messages");
                Assert.Equal("remember me", page!["messages"]!.AsArray().Single()!["text"]!.GetValue<string>());

                using var file = await client.GetAsync(new Uri(recording, UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, file.StatusCode);

                using var redeemed = await client.PostAsJsonAsync("/api/v1/invitations/redeem", new { invitation = links.Invitation, name = "Grace" });
                Assert.Equal(HttpStatusCode.OK, redeemed.StatusCode);
            }
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }
}
