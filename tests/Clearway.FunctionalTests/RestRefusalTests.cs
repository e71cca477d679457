using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Clearway.FunctionalTests;

/// <summary>What bad input to the REST API gets: the status, and the stable code of docs/rest-api.md.</summary>
[Collection(nameof(AppCollection))]
public sealed class RestRefusalTests(AppFixture fixture) : IDisposable
{
    public void Dispose() => fixture.App.ThrowOnLoggedErrors();

    private const string SomeRecording = "01k0a1b2c3d4e5f6g7h8j9kmnp";

    [Theory]
    [InlineData("GET", "/api/v1/t9?prefix=pr", 401, "token_missing")]
    [InlineData("GET", "/api/v1/rooms/unknownroom1/messages", 401, "token_missing")]
    [InlineData("GET", "/api/v1/auth/account", 401, "not_signed_in")]
    [InlineData("GET", "/api/v1/nothing-here", 404, "not_found")]
    [InlineData("GET", $"/api/v1/records/{SomeRecording}/file", 403, "link_refused")]
    [InlineData("GET", $"/api/v1/records/{SomeRecording}/file?expires=99999999999999&signature=AAAA", 403, "link_refused")]
    [InlineData("GET", "/api/v1/records/..%2Fx/file?expires=1&signature=A", 400, "recording_id_malformed")]
    [InlineData("GET", "/api/v1/records/%2e%2e%2f%2e%2e%2fetc%2fpasswd/file?expires=1&signature=A", 400, "recording_id_malformed")]
    public async Task Request_WithoutCredential_IsRefused(string method, string path, int status, string code)
    {
        using var client = fixture.App.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await client.SendAsync(request);

        await AssertProblemAsync(response, status, code);
    }

    [Fact]
    public async Task SignIn_WithWrongPassword_IsRefused()
    {
        using var client = fixture.App.CreateClient();
        using var response = await client.PostAsJsonAsync("/api/v1/auth/sign-in", new { name = "Mallory", password = "guess" });

        await AssertProblemAsync(response, 401, "sign_in_refused");
    }

    [Fact]
    public async Task SignIn_FromAnotherOrigin_IsRefused()
    {
        using var client = fixture.App.CreateClient();
        client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        using var response = await client.PostAsJsonAsync("/api/v1/auth/sign-in", new { name = "Ada", password = TestApp.ClearwayApp.OrganizerPassword });

        await AssertProblemAsync(response, 403, "origin_refused");
    }

    [Fact]
    public async Task Redeem_ForgedInvitation_IsRefused()
    {
        using var client = fixture.App.CreateClient();
        using var response = await client.PostAsJsonAsync("/api/v1/invitations/redeem", new { invitation = "e30.e30.e30", name = "Mallory" });

        await AssertProblemAsync(response, 403, "invitation_refused");
    }

    [Fact]
    public async Task Redeem_BrokenJson_IsRefused()
    {
        using var client = fixture.App.CreateClient();
        using var body = new StringContent("{\"invitation\":", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/api/v1/invitations/redeem", body);

        await AssertProblemAsync(response, 400, "bad_request");
    }

    [Fact]
    public async Task Redeem_OrganizerInvitationWithoutItsAccount_IsRefused()
    {
        using var room = await fixture.OrganizeAsync();
        using var stranger = fixture.App.CreateClient();
        using var response = await stranger.PostAsJsonAsync(
            "/api/v1/invitations/redeem", new { invitation = room.Links.OrganizerInvitation, name = "Mallory" });

        await AssertProblemAsync(response, 401, "not_signed_in");
    }

    [Fact]
    public async Task Messages_OfAnotherRoom_AreRefused()
    {
        using var room = await fixture.OrganizeAsync();
        using var response = await room.Client.GetAsync("/api/v1/rooms/abcdefgh2345/messages");

        await AssertProblemAsync(response, 403, "room_forbidden");
    }

    [Fact]
    public async Task CreateRecording_ByAGuest_OfWhatAnotherRecords_IsNotFound()
    {
        using var room = await fixture.OrganizeAsync();
        using var opened = await CreateRecordingAsync(room.Client, SomeRecording);
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
        var guest = await fixture.InviteAsync(room, "Grace");
        using var client = fixture.App.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", guest.Token);
        using var response = await CreateRecordingAsync(client, SomeRecording);

        await AssertProblemAsync(response, 404, "not_found");
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("01K0A1B2C3D4E5F6G7H8J9KMNP")]
    [InlineData("01k0a1b2c3d4e5f6g7h8j9kmnpq")]
    [InlineData("01k0a1b2c3d4e5f6g7h8j9kmn ")]
    public async Task CreateRecording_WithMalformedId_IsRefused(string id)
    {
        using var room = await fixture.OrganizeAsync();
        using var response = await CreateRecordingAsync(room.Client, id);

        await AssertProblemAsync(response, 400, "recording_id_malformed");
    }

    private static async Task<HttpResponseMessage> CreateRecordingAsync(HttpClient client, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/records");
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.Add("Upload-Defer-Length", "1");
        request.Headers.Add("Upload-Metadata", "recording_id " + Convert.ToBase64String(Encoding.UTF8.GetBytes(id)));
        return await client.SendAsync(request);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, JsonNode.Parse(body)!["code"]!.GetValue<string>());
    }
}
