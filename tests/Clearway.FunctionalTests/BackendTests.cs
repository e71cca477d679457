using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;

namespace Clearway.FunctionalTests;

/// <summary>A backend's whole day with its API key, through the proxy and over two nodes of the gateway.</summary>
[Collection(nameof(AppCollection))]
public sealed class BackendTests : IDisposable
{
    private readonly AppFixture _fixture;
    private readonly HttpClient _backend;

    public BackendTests(AppFixture fixture)
    {
        _fixture = fixture;
        _backend = fixture.App.CreateClient();
        _backend.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", ClearwayApp.ApiKey);
    }

    public void Dispose()
    {
        _backend.Dispose();
        _fixture.App.ThrowOnLoggedErrors();
    }

    [Fact]
    public async Task Backend_RunsARoomFromItsMakingToItsEnd()
    {
        var made = await SendAsync(HttpMethod.Post, "/api/v1/rooms", new { title = "By a backend", ttl_minutes = 20 }, HttpStatusCode.Created);
        var room = "/api/v1/rooms/" + (string)made!["room_id"]!;
        await SendAsync(HttpMethod.Get, room, null, HttpStatusCode.NotFound);
        var ada = await MintAsync(made, "Ada", "organizer");
        var grace = await MintAsync(made, "Grace", "participant");

        // Without a hint the proxy spreads them over the nodes.
        var (adas, welcome) = await GatewaySocket.JoinAsync(_fixture.App, (string)ada["token"]!);
        await using var _ = adas;
        var (graces, _) = await GatewaySocket.JoinAsync(_fixture.App, (string)grace["token"]!);
        await using var __ = graces;

        var rooms = await SendAsync(HttpMethod.Get, "/api/v1/rooms?limit=100", null);
        Assert.Contains((string)made["room_id"]!, rooms!["rooms"]!.AsArray().Select(one => (string)one!["room_id"]!));
        var who = await SendAsync(HttpMethod.Get, room + "/participants", null);
        Assert.Equal(["Ada", "Grace"], who!["participants"]!.AsArray().Select(one => (string)one!["name"]!));

        await SendAsync(HttpMethod.Put, room + "/lock", null, HttpStatusCode.NoContent);
        Assert.True((bool)(await adas.ReceiveAsync("room_policy"))["policy"]!["locked"]!);
        await SendAsync(HttpMethod.Delete, room + "/lock", null, HttpStatusCode.NoContent);

        var later = (long)welcome["deadline"]! + 600_000;
        await SendAsync(HttpMethod.Put, room + "/deadline", new { deadline = later }, HttpStatusCode.NoContent);
        Assert.Equal(later, (long)(await SendAsync(HttpMethod.Get, room, null))!["deadline"]!);

        await SendAsync(HttpMethod.Delete, $"{room}/participants/{(string)grace["participant_id"]!}", null, HttpStatusCode.NoContent);
        Assert.Equal((4104, "kicked"), await graces.ReceiveCloseAsync());
        await SendAsync(HttpMethod.Delete, room, null, HttpStatusCode.NoContent);
        Assert.Equal((4105, "room_ended"), await adas.ReceiveCloseAsync());
        await SendAsync(HttpMethod.Delete, room, null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Get, room, null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Backend_ListsRecordings_AndDeletesThem()
    {
        const string Id = "01k0a1b2c3d4e5f6g7h8j9kmnb";
        using var room = await _fixture.OrganizeAsync("Recorded");
        using var creation = new HttpRequestMessage(HttpMethod.Post, "/api/v1/records");
        creation.Headers.Add("Tus-Resumable", "1.0.0");
        creation.Headers.Add("Upload-Defer-Length", "1");
        creation.Headers.Add("Upload-Metadata", "recording_id " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Id)));
        using var created = await room.Client.SendAsync(creation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        var list = await SendAsync(HttpMethod.Get, "/api/v1/records?limit=100", null);
        Assert.Contains(Id, list!["recordings"]!.AsArray().Select(one => (string)one!["recording_id"]!));
        await SendAsync(HttpMethod.Delete, $"/api/v1/records/{Id}/file", null, HttpStatusCode.NoContent);
        await SendAsync(HttpMethod.Delete, $"/api/v1/records/{Id}/file", null, HttpStatusCode.NotFound);
        await SendAsync(HttpMethod.Get, $"/api/v1/records/{Id}", null, HttpStatusCode.NotFound);
    }

    private async Task<JsonNode> MintAsync(JsonNode room, string name, string role) => (await SendAsync(
        HttpMethod.Post, "/api/v1/tokens", new { organizer_invitation = (string)room["organizer_invitation"]!, name, role }))!;

    private async Task<JsonNode?> SendAsync(HttpMethod method, string path, object? body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _backend.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
