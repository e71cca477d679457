using System.Net;
using System.Net.Http.Json;
using Clearway.Auth.V1;
using Clearway.Storage.V1;
using Xunit;

namespace Clearway.Proxy.Tests;

public sealed class RecordingLibraryTests
{
    private const string Root = "/api/v1/records";
    private const string Path = Root + "/" + StorageDouble.Id;

    public static TheoryData<string, string> Calls => new()
    {
        { "GET", Root },
        { "GET", Path },
        { "PUT", Path + "/title" },
        { "POST", Path + "/links" },
        { "DELETE", Path + "/links" },
        { "GET", Path + "/manifest" },
        { "DELETE", Path + "/file" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithoutCredential_IsRefused(string method, string path)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(new HttpMethod(method), path, token: null);
        await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, "not_signed_in");
        using var forged = await edge.SendAsync(new HttpMethod(method), path, token: null, headers: h => h.Add("Cookie", "clearway_account=x"));
        await Expect.ProblemAsync(forged, HttpStatusCode.Unauthorized, "not_signed_in");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_ByAParticipant_IsForbidden(string method, string path)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(new HttpMethod(method), path, Role.Participant);
        await Expect.ProblemAsync(answer, HttpStatusCode.Forbidden, "role_forbidden");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithAnUploadKey_IsRefused(string method, string path)
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            new HttpMethod(method), path, token: null, headers: h => h.TryAddWithoutValidation("Authorization", "Upload " + StorageDouble.Key));
        await Expect.ProblemAsync(answer, HttpStatusCode.Unauthorized, "token_missing");
    }

    [Fact]
    public async Task List_OfAnAccount_IsTheTenants()
    {
        await using var edge = await StartAsync();
        using var answer = await SignedInAsync(edge, HttpMethod.Get, Root + "?search=wee&state=sealed&limit=7&cursor=c");
        var body = await Expect.JsonAsync(answer);
        Assert.Equal(StorageDouble.Id, body.GetProperty("recordings")[0].GetProperty("recording_id").GetString());
        Assert.Equal("next", body.GetProperty("cursor").GetString());
        var asked = edge.Upstreams.Storage.LastList!;
        Assert.Equal(("default", "", "wee", RecordingState.Sealed, 7, "c"),
            (asked.Access.Tenant, asked.Access.Room, asked.Search, asked.State, asked.Limit, asked.Cursor));
    }

    [Fact]
    public async Task List_OfARoomToken_IsTheRooms()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(HttpMethod.Get, Root, Role.Moderator);
        await Expect.JsonAsync(answer);
        Assert.Equal(("default", Edge.Room), (edge.Upstreams.Storage.LastList!.Access.Tenant, edge.Upstreams.Storage.LastList.Access.Room));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?limit=x")]
    [InlineData("?state=deleted")]
    public async Task List_WithOtherParameters_IsABadRequest(string query)
    {
        await using var edge = await StartAsync();
        using var answer = await SignedInAsync(edge, HttpMethod.Get, Root + query);
        await Expect.ProblemAsync(answer, HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task Recording_IsRenamedLinkedAndDeleted()
    {
        await using var edge = await StartAsync();
        using var renamed = await SignedInAsync(edge, HttpMethod.Put, Path + "/title", JsonContent.Create(new { title = "Планёрка" }));
        Assert.Equal("Планёрка", (await Expect.JsonAsync(renamed)).GetProperty("title").GetString());

        using var linked = await SignedInAsync(
            edge, HttpMethod.Post, Path + "/links", JsonContent.Create(new { lifetime_minutes = 5, network = "10.0.0.0/8" }));
        Assert.Equal("/api/v1/records/x/file", (await Expect.JsonAsync(linked, HttpStatusCode.Created)).GetProperty("link").GetString());
        Assert.Equal((300, "10.0.0.0/8"), (edge.Upstreams.Storage.LastLink!.LifetimeSeconds, edge.Upstreams.Storage.LastLink.Network));

        using var revoked = await SignedInAsync(edge, HttpMethod.Delete, Path + "/links");
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var manifest = await SignedInAsync(edge, HttpMethod.Get, Path + "/manifest");
        Assert.True((await Expect.JsonAsync(manifest)).GetProperty("is_valid").GetBoolean());

        using var deleted = await SignedInAsync(edge, HttpMethod.Delete, Path + "/file");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await SignedInAsync(edge, HttpMethod.Get, Path);
        await Expect.ProblemAsync(gone, HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Consent_IsThatOfWhoGivesIt()
    {
        await using var edge = await StartAsync();
        using var answer = await edge.SendAsync(
            HttpMethod.Post, Path + "/consents", Role.Observer, JsonContent.Create(new { granted = true, participant = "p-other" }));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(("p-ada", true), (edge.Upstreams.Storage.LastConsent!.Participant, edge.Upstreams.Storage.LastConsent.Granted));
    }

    private static Task<HttpResponseMessage> SignedInAsync(Edge edge, HttpMethod method, string path, HttpContent? content = null) =>
        edge.SendAsync(method, path, token: null, content, headers => headers.Add("Cookie", "clearway_account=" + AuthDouble.Account));

    private static async Task<Edge> StartAsync()
    {
        var edge = await Edge.StartAsync();
        edge.Upstreams.Storage.Seed([1, 2, 3]);
        return edge;
    }
}
