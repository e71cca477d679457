using System.Net;
using System.Text;
using Clearway.Signaling.Tests.Driver;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>Rooms as backends see and change them, on a node that need not have them.</summary>
public class AdministrationTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private Gateway Gateway => shared.Gateway;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Room_IsShownByEveryNode(int node)
    {
        var room = $"shown{node}";
        await using var ada = await Gateway.JoinAsync(room, "Ada", Role.Organizer, opening: "8,45,lobby");
        await using var grace = await Gateway.ConnectAsync();
        await grace.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token(room, "p-grace", "Grace", Role.Participant)}}"}""");
        await grace.ExpectAsync("knocking");
        using var backend = new BackendClient(Gateway, node);

        var (status, _, shown) = await backend.SendAsync("GET", "/" + room);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            (room, 1, 8, 45, true, false, (long)ada.Welcome["deadline"]!),
            ((string)shown!["room_id"]!, (int)shown["participants"]!, (int)shown["policy"]!["max_peers"]!, (int)shown["policy"]!["ttl_minutes"]!,
                (bool)shown["policy"]!["lobby"]!, (bool)shown["policy"]!["locked"]!, (long)shown["deadline"]!));
        var (_, _, who) = await backend.SendAsync("GET", $"/{room}/participants");
        var participant = Assert.Single(who!["participants"]!.AsArray())!;
        Assert.Equal(("p-ada", "Ada", "organizer"), ((string)participant["id"]!, (string)participant["name"]!, (string)participant["role"]!));
        Assert.Equal("p-grace", (string)Assert.Single(who["knocking"]!.AsArray())!["id"]!);
        Assert.DoesNotContain("invitation", who.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rooms_AreListedInPages_OfTheTenantAlone()
    {
        var guests = new List<Participant>();
        for (var i = 0; i < 5; i++)
        {
            guests.Add(await JoinAsync($"list{i}", "tenant-a", opening: $"100,{10 + (i % 2)}"));
        }

        guests.Add(await JoinAsync("listed-elsewhere", "tenant-b"));
        using var backend = new BackendClient(Gateway, node: 1, tenant: "tenant-a");

        var (seen, cursor, pages) = (new List<string>(), "", 0);
        do
        {
            var (_, _, page) = await backend.SendAsync("GET", $"?limit=2{cursor}");
            seen.AddRange(page!["rooms"]!.AsArray().Select(room => (string)room!["room_id"]!));
            cursor = (string?)page["cursor"] is { } next ? "&cursor=" + next : "";
            pages++;
        }
        while (cursor.Length > 0);

        Assert.Equal(3, pages);
        Assert.Equal(["list0", "list1", "list2", "list3", "list4"], seen.Order(StringComparer.Ordinal));
        Assert.Equal(["list0", "list2", "list4"], seen.Take(3).Order(StringComparer.Ordinal));
        foreach (var guest in guests)
        {
            await guest.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Kick_ClosesTheTargetForGood_AndMayBeRepeated(int node)
    {
        var room = $"rest-kick{node}";
        await using var ada = await Gateway.JoinAsync(room, "Ada", Role.Organizer);
        await using var grace = await Gateway.JoinAsync(room, "Grace", Role.Moderator);
        using var backend = new BackendClient(Gateway, node);

        Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("DELETE", $"/{room}/participants/p-grace")).Status);

        Assert.Equal(("kicked", 4104), await grace.ExpectCloseAsync());
        Assert.Equal(("p-grace", "api-key:crm"), KickOf(await ada.ExpectAsync("force_kick")));
        Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("DELETE", $"/{room}/participants/p-grace")).Status);
        Assert.Equal("p-grace", (string?)(await backend.SendAsync("GET", $"/{room}/participants")).Body!["kicked"]![0]);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), Refusal(await backend.SendAsync("DELETE", $"/{room}/participants/p-nobody")));
        var audit = Gateway.Audit.Of(room);
        Assert.Equal(["p-grace", "p-grace", "p-nobody"], audit.Select(happened => happened["Target"]));
        Assert.All(audit, happened => Assert.Equal(("api-key:crm", "KICK_PEER"), (happened["Participant"], happened["Command"])));
    }

    [Fact]
    public async Task Lock_HoldsAgainstNewcomersUntilItIsTaken()
    {
        await using var ada = await Gateway.JoinAsync("rest-lock", "Ada", Role.Organizer);
        using var backend = new BackendClient(Gateway, node: 1);

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("PUT", "/rest-lock/lock")).Status);
        }

        Assert.True((bool)(await ada.ExpectAsync("room_policy"))["policy"]!["locked"]!);
        await using var late = await Gateway.ConnectAsync();
        await late.SendAsync($$"""{"type":"join","token":"{{AuthDouble.Token("rest-lock", "p-late", "Late", Role.Participant)}}"}""");
        Assert.Equal(("room_locked", 4110), await late.ExpectCloseAsync());

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("DELETE", "/rest-lock/lock")).Status);
        }

        await using var grace = await Gateway.JoinAsync("rest-lock", "Grace");
    }

    [Fact]
    public async Task Deadline_MovesToTheTimeThatIsAskedFor_OnceAndNeverBack()
    {
        await using var ada = await Gateway.JoinAsync("rest-extend", "Ada", Role.Organizer, opening: "100,30");
        var before = (long)ada.Welcome["deadline"]!;
        using var backend = new BackendClient(Gateway, node: 1);

        foreach (var wish in new[] { before + 600_000, before + 600_000, before })
        {
            Assert.Equal(HttpStatusCode.NoContent, (await backend.ExtendAsync("rest-extend", new { deadline = wish })).Status);
            Assert.Equal(before + 600_000, (long)(await backend.SendAsync("GET", "/rest-extend")).Body!["deadline"]!);
        }

        await backend.ExtendAsync("rest-extend", new { deadline = before + 86_400_000 });
        var last = (long)(await backend.SendAsync("GET", "/rest-extend")).Body!["deadline"]!;
        Assert.InRange(last - before, (270 * 60_000) - 1, (270 * 60_000) + 60_000);
    }

    [Fact]
    public async Task Deadline_OfAPausedRoom_CountsFromItsResumption()
    {
        await using var ada = await Gateway.JoinAsync("rest-paused", "Ada", Role.Organizer, opening: "100,30");
        await ada.SendAsync("""{"type":"control_frame","command":"SET_PAUSE"}""");
        await ada.ExpectAsync("room_paused");
        using var backend = new BackendClient(Gateway, node: 1);

        await backend.ExtendAsync("rest-paused", new { deadline = (long)ada.Welcome["deadline"]! + 600_000 });
        await ada.SendAsync("""{"type":"control_frame","command":"RESUME_CONFERENCE"}""");

        var resumed = await ada.ExpectAsync("room_resumed");
        Assert.InRange((long)resumed["deadline"]! - (long)ada.Welcome["deadline"]!, 600_000 - 1, 600_000 + 20_000);
    }

    [Fact]
    public async Task End_ClosesTheRoomOnAllNodes_AndMayBeRepeated()
    {
        await using var ada = await Gateway.JoinAsync("rest-end", "Ada", Role.Organizer);
        await using var grace = await Gateway.JoinAsync("rest-end", "Grace", node: 1);
        using var backend = new BackendClient(Gateway, node: 1);

        Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("DELETE", "/rest-end")).Status);

        Assert.Equal(("room_ended", 4105), await ada.ExpectCloseAsync());
        Assert.Equal(("room_ended", 4105), await grace.ExpectCloseAsync());
        Assert.Equal(HttpStatusCode.NoContent, (await backend.SendAsync("DELETE", "/rest-end")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), Refusal(await backend.SendAsync("GET", "/rest-end")));
        var (_, _, page) = await backend.SendAsync("GET", "?limit=100");
        Assert.DoesNotContain("rest-end", page!["rooms"]!.AsArray().Select(room => (string)room!["room_id"]!));
    }

    [Theory]
    [InlineData("GET", "/rest-foreign")]
    [InlineData("GET", "/rest-foreign/participants")]
    [InlineData("DELETE", "/rest-foreign")]
    [InlineData("DELETE", "/rest-foreign/participants/p-ada")]
    [InlineData("PUT", "/rest-foreign/lock")]
    [InlineData("DELETE", "/rest-foreign/lock")]
    [InlineData("PUT", "/rest-foreign/deadline")]
    public async Task Room_OfAnotherTenant_IsNoneAtAll(string method, string path)
    {
        await using var ada = await Gateway.JoinAsync("rest-foreign", "Ada", Role.Organizer);
        using var backend = new BackendClient(Gateway, tenant: "tenant-c");
        foreach (var at in new[] { path, path.Replace("rest-foreign", "no-such-room", StringComparison.Ordinal), path.Replace("-", "%7d", StringComparison.Ordinal) })
        {
            using var body = new StringContent("""{"deadline":99999999999999}""", Encoding.UTF8, "application/json");
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), Refusal(await backend.SendAsync(method, at, method == "PUT" ? body : null)));
        }

        using var owner = new BackendClient(Gateway);
        var (_, _, room) = await owner.SendAsync("GET", "/rest-foreign");
        Assert.Equal((1, false), ((int)room!["participants"]!, (bool)room["policy"]!["locked"]!));
    }

    [Theory]
    [InlineData("GET", "", "rooms:moderate")]
    [InlineData("GET", "/rest-grants", "rooms:moderate")]
    [InlineData("GET", "/rest-grants/participants", "rooms:moderate")]
    [InlineData("DELETE", "/rest-grants", "rooms:read")]
    [InlineData("DELETE", "/rest-grants/participants/p-ada", "rooms:read")]
    [InlineData("PUT", "/rest-grants/lock", "rooms:read")]
    [InlineData("DELETE", "/rest-grants/lock", "rooms:read")]
    [InlineData("PUT", "/rest-grants/deadline", "rooms:read")]
    public async Task Request_WithoutTheGrantOrTheKey_IsRefused(string method, string path, string other)
    {
        using var backend = new BackendClient(Gateway, grants: other);
        Assert.Equal((HttpStatusCode.Forbidden, "grant_missing"), Refusal(await backend.SendAsync(method, path)));
        using var guess = new BackendClient(Gateway, secret: "wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, "api_key_refused"), Refusal(await guess.SendAsync(method, path)));
    }

    [Theory]
    [InlineData("?limit=0", "bad_request")]
    [InlineData("?limit=101", "bad_request")]
    [InlineData("?limit=x", "bad_request")]
    [InlineData("?cursor=x", "bad_request")]
    [InlineData("?cursor=99999999999999999999-a", "bad_request")]
    public async Task List_WithQueriesOutOfRange_IsRefused(string query, string code)
    {
        using var backend = new BackendClient(Gateway);
        Assert.Equal((HttpStatusCode.BadRequest, code), Refusal(await backend.SendAsync("GET", query)));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"deadline\":0}", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"deadline\":\"1\"}", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"deadline\":1e300}", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("{\"deadline\":1,\"deadline\":2}", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData("nonsense", HttpStatusCode.BadRequest, "bad_request")]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType, "media_type")]
    public async Task Deadline_WithAnotherBody_IsRefused(string? json, HttpStatusCode status, string code)
    {
        await using var ada = await Gateway.JoinAsync("rest-body", "Ada", Role.Organizer);
        using var backend = new BackendClient(Gateway);
        using var body = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        Assert.Equal((status, code), Refusal(await backend.SendAsync("PUT", "/rest-body/deadline", body)));
    }

    [Fact]
    public async Task Rooms_WhileAuthOrRedisIsAway_AreUnavailable()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 1, settings: ("Signaling:RedisTimeout", "00:00:00.500"));
        using var backend = new BackendClient(gateway);
        gateway.Auth.IsDown = true;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), Refusal(await backend.SendAsync("GET", "")));
        gateway.Auth.IsDown = false;
        await gateway.Redis.CrashAsync();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), Refusal(await backend.SendAsync("GET", "")));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), Refusal(await backend.SendAsync("DELETE", "/any")));
    }

    private static (HttpStatusCode Status, string? Code) Refusal((HttpStatusCode Status, string? Code, System.Text.Json.Nodes.JsonNode? Body) answer) =>
        (answer.Status, answer.Code);

    private static (string Target, string By) KickOf(System.Text.Json.Nodes.JsonObject kick) => ((string)kick["target_id"]!, (string)kick["by"]!);

    private async Task<Participant> JoinAsync(string room, string tenant, string opening = "")
    {
        var participant = await Gateway.ConnectAsync();
        await participant.SendAsync(
            $$"""{"type":"join","token":"{{AuthDouble.Token(room, "p-ada", "Ada", Role.Organizer, opening, tenant: tenant)}}"}""");
        await participant.ExpectWelcomeAsync();
        return participant;
    }
}
