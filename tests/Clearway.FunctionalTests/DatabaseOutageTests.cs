using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;
using Clearway.Testing;
using Clearway.TestServers;

namespace Clearway.FunctionalTests;

/// <summary>PostgreSQL goes away in mid-call and comes back.</summary>
public sealed class DatabaseOutageTests
{
    private const int LinesMeanwhile = 20;

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
        var stored = Array.Empty<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                stored = await StoredAsync(client, links.RoomId);
                return stored.Length >= said.Length;
            },
            "every line is stored");
        Assert.Equal(said, stored);
    }

    private static async Task SayAsync(GatewaySocket speaking, GatewaySocket listening, string text)
    {
        await speaking.SayAsync(text);
        Assert.Equal(text, (string?)(await listening.ReceiveAsync("chat_broadcast"))["text"]);
    }

    /// <summary>The room's lines as they are stored; none while the history does not answer.</summary>
    private static async Task<string[]> StoredAsync(HttpClient client, string room)
    {
        using var answer = await client.GetAsync(new Uri($"/api/v1/rooms/{room}/messages", UriKind.Relative));
        return answer.IsSuccessStatusCode
            ? [.. (await answer.Content.ReadFromJsonAsync<JsonNode>())!["messages"]!.AsArray().Select(message => (string)message!["text"]!)]
            : [];
    }
}
