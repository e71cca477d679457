using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Clearway.TestApp;
using Clearway.Testing;

namespace Clearway.FunctionalTests;

/// <summary>What becomes of a recording: found, renamed, linked to, revoked, deleted; and names that are paths.</summary>
[Collection(nameof(AppCollection))]
public sealed class RecordingLibraryTests(AppFixture fixture) : IDisposable
{
    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task Recording_IsFoundRenamedLinkedRevokedAndDeleted_ByTheAccount()
    {
        using var room = await fixture.OrganizeAsync();
        var (organizer, _) = await GatewaySocket.JoinAsync(fixture.App, room.Organizer.Token);
        await using var _ = organizer;
        var recording = await Recorder.RecordAsync(room.Client, organizer);
        var id = recording["recording_id"]!.GetValue<string>();
        room.Client.DefaultRequestHeaders.Authorization = null;

        var title = $"Планёрка {id}";
        using var renamed = await room.Client.PutAsJsonAsync($"/api/v1/records/{id}/title", new { title });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        var page = await GetAsync(room.Client, $"/api/v1/records?search={Uri.EscapeDataString(title.ToUpperInvariant())}");
        Assert.Equal(id, page["recordings"]!.AsArray().Single()!["recording_id"]!.GetValue<string>());
        var manifest = await GetAsync(room.Client, $"/api/v1/records/{id}/manifest");
        Assert.True(manifest["is_valid"]!.GetValue<bool>());
        Assert.Equal(title, JsonNode.Parse(manifest["manifest"]!.GetValue<string>())!["title"]!.GetValue<string>());

        var local = await LinkAsync(room.Client, id, "127.0.0.0/8");
        var elsewhere = await LinkAsync(room.Client, id, "203.0.113.0/24");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(local));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(elsewhere));
        using var revoked = await room.Client.DeleteAsync(new Uri($"/api/v1/records/{id}/links", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(local));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(recording["link"]!.GetValue<string>()));

        var again = await LinkAsync(room.Client, id, null);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again));
        using var deleted = await room.Client.DeleteAsync(new Uri($"/api/v1/records/{id}/file", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(again));
        Assert.Empty((await GetAsync(room.Client, $"/api/v1/records?search={id}"))["recordings"]!.AsArray());
    }

    [Fact]
    public async Task Id_ThatIsAPath_NeverGetsPastTheProxy()
    {
        using var client = fixture.App.CreateClient();
        foreach (var text in Traversals.All.Where((_, index) => index % 5 == 0))
        {
            using var response = await client.GetAsync(
                new Uri($"/api/v1/records/{Uri.EscapeDataString(text)}/file?expires=1&signature=00", UriKind.Relative));
            Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)response.StatusCode} for {text}");
        }
    }

    private static async Task<JsonNode> GetAsync(HttpClient client, string path) =>
        (await client.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    private static async Task<string> LinkAsync(HttpClient client, string id, string? network)
    {
        using var created = await client.PostAsJsonAsync($"/api/v1/records/{id}/links", new { lifetime_minutes = 5, network });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return (await created.Content.ReadFromJsonAsync<JsonNode>())!["link"]!.GetValue<string>();
    }

    private async Task<HttpStatusCode> StatusAsync(string link)
    {
        using var client = fixture.App.CreateClient();
        using var response = await client.GetAsync(new Uri(link, UriKind.Relative));
        return response.StatusCode;
    }
}
