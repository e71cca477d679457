using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;
using Clearway.TestServers;

namespace Clearway.FunctionalTests;

/// <summary>PostgreSQL goes away in mid-call and comes back.</summary>
public sealed class DatabaseOutageTests
{
    private const int LinesMeanwhile = 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Chat_DatabaseStoppedAndStarted_GoesOnInTheRoomAndLosesNoLine()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var app = await ClearwayApp.StartAsync(database: postgres.ConnectionString("clearwaydb"));
        using var client = app.CreateClient();
        var organizer = new Guest(client);
        await organizer.SignInAsync("Ada");
        var links = await organizer.CreateRoomAsync("Outage");
        var ada = await organizer.RedeemAsync(links.OrganizerInvitation, "Ada");
        var grace = await organizer.RedeemAsync(links.Invitation, "Grace");
        var (speaking, _) = await GatewaySocket.JoinAsync(app, ada.Token);
        await using var _speaking = speaking;
        var (listening, _) = await GatewaySocket.JoinAsync(app, grace.Token);
        await using var _listening = listening;

        await SayAsync(speaking, listening, "before");

        // The database's absence is an error to those who ask it, and to nobody else.
        app.IsExpectedError = error => error.StartsWith("chat ", StringComparison.Ordinal);
        await postgres.CrashAsync();
        for (var line = 0; line < LinesMeanwhile; line++)
        {
            await SayAsync(speaking, listening, line.ToString(CultureInfo.InvariantCulture));
        }

        await postgres.RestartAsync();
        await SayAsync(speaking, listening, "after");

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", grace.Token);
        string[] said = ["before", .. Enumerable.Range(0, LinesMeanwhile).Select(line => line.ToString(CultureInfo.InvariantCulture)), "after"];
        using var patience = new CancellationTokenSource(_patience);
        var stored = Array.Empty<string>();
        while (stored.Length < said.Length)
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/rooms/{links.RoomId}/messages", UriKind.Relative), patience.Token);
            if (answer.IsSuccessStatusCode)
            {
                var page = await answer.Content.ReadFromJsonAsync<JsonNode>(patience.Token);
                stored = [.. page!["messages"]!.AsArray().Select(message => message!["text"]!.GetValue<string>())];
            }
        }

        Assert.Equal(said, stored);
    }

    private static async Task SayAsync(GatewaySocket speaking, GatewaySocket listening, string text)
    {
        while (true)
        {
            await speaking.SendAsync(new { type = "chat", text });
            var answer = await speaking.ReceiveAsync("chat_broadcast", "error");
            if (answer["type"]!.GetValue<string>() == "chat_broadcast")
            {
                break;
            }

            Assert.Equal("chat_rate", answer["code"]!.GetValue<string>());
            await Task.Delay(answer["retry_after_ms"]!.GetValue<int>());
        }

        Assert.Equal(text, (await listening.ReceiveAsync("chat_broadcast"))["text"]!.GetValue<string>());
    }
}
