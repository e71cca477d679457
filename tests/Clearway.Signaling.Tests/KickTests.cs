using Clearway.Signaling.Rooms;
using Clearway.Signaling.Tests.Driver;
using StackExchange.Redis;
using Role = Clearway.Auth.V1.Role;

namespace Clearway.Signaling.Tests;

/// <summary>What a kick takes besides the seat: the tokens of who is kicked, and the free way in by the same invitation.</summary>
public class KickTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    private const string Link = "abcdefghijklmnop";
    private const string OtherLink = "ponmlkjihgfedcba";

    private static readonly Dictionary<string, string> GraceIsKicked = new() { ["p-grace"] = "p-ada" };

    [Fact]
    public async Task KickPeer_RevokesAllTokensOfTheParticipant()
    {
        await using var ada = await JoinAsync("revoked", "Ada", Role.Organizer);
        await using var grace = await JoinAsync("revoked", "Grace", node: 1);

        await KickAsync(ada, "p-grace");
        await grace.ExpectCloseAsync();

        using var redis = await ConnectionMultiplexer.ConnectAsync(shared.Gateway.Redis.ConnectionString);
        var rest = await redis.GetDatabase().KeyTimeToLiveAsync("revoked:p-grace");
        Assert.InRange(rest!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Null(await redis.GetDatabase().KeyTimeToLiveAsync("revoked:p-ada"));
    }

    [Theory]
    [InlineData(Role.Participant, 0)]
    [InlineData(Role.Participant, 1)]
    [InlineData(Role.Moderator, 1)]
    public async Task Newcomer_ByTheInvitationOfSomebodyKicked_KnocksUntilAdmitted(Role role, int node)
    {
        var room = $"barred-{role}-{node}".ToLowerInvariant();
        await using var ada = await JoinAsync(room, "Ada", Role.Organizer, invitation: "");
        await using var grace = await JoinAsync(room, "Grace", role, node: 1);
        await KickAsync(ada, "p-grace");
        Assert.Equal(("kicked", 4104), await grace.ExpectCloseAsync());

        // The same person, with a session that was opened meanwhile or is opened now.
        await using var again = await ConnectAsync(room, "Mallory", role, node);
        await again.ExpectAsync("knocking");
        Assert.Equal("p-mallory", (string?)(await ada.ExpectAsync("knock"))["id"]);
        await ada.SendAsync("""{"type":"control_frame","command":"DENY","target_id":"p-mallory"}""");
        Assert.Equal(("not_admitted", 4109), await again.ExpectCloseAsync());

        // Somebody else who was sent the same link.
        await using var alan = await ConnectAsync(room, "Alan", role, node);
        await alan.ExpectAsync("knocking");
        await ada.SendAsync("""{"type":"control_frame","command":"ADMIT","target_id":"p-alan"}""");
        await alan.ExpectAsync("welcome");
    }

    [Theory]
    [InlineData(OtherLink)]
    [InlineData("")]
    public async Task Newcomer_WhoCameOtherwise_ComesStraightIn(string invitation)
    {
        var room = "otherwise" + invitation;
        await using var ada = await JoinAsync(room, "Ada", Role.Organizer);
        await using var grace = await JoinAsync(room, "Grace", node: 1);
        await KickAsync(ada, "p-grace");
        await grace.ExpectCloseAsync();

        await using var alan = await JoinAsync(room, "Alan", node: 1, invitation: invitation);
        Assert.DoesNotContain("knocking", alan.Types);
    }

    [Fact]
    public async Task KickPeer_LeavesAloneWhoCameByTheSameInvitationBefore()
    {
        await using var ada = await JoinAsync("before", "Ada", Role.Organizer);
        await using var alan = await JoinAsync("before", "Alan", node: 1);
        await using var grace = await JoinAsync("before", "Grace", node: 1);
        await KickAsync(ada, "p-grace");
        await grace.ExpectCloseAsync();

        alan.Cut();
        await ada.ExpectAsync("peer-away");
        await using var back = await JoinAsync("before", "Alan", resume: alan.Resume);
        Assert.True((bool)back.Welcome["resumed"]!);
    }

    [Fact]
    public async Task KickPeer_OfAnOrganizer_LeavesTheOrganizersWayOpen()
    {
        await using var ada = await JoinAsync("organizers", "Ada", Role.Organizer);
        await using var grace = await JoinAsync("organizers", "Grace", Role.Organizer, node: 1);
        await KickAsync(ada, "p-grace");
        await grace.ExpectCloseAsync();

        await using var barbara = await JoinAsync("organizers", "Barbara", Role.Organizer, node: 1);
        Assert.DoesNotContain("knocking", barbara.Types);
    }

    [Fact]
    public async Task Kick_OfTheLastOneInARoom_ChargesIt()
    {
        await using var ada = await JoinAsync("last", "Barbara");
        using var backend = new BackendClient(shared.Gateway, node: 1);

        await backend.SendAsync("DELETE", "/last/participants/p-barbara");

        Assert.Equal("1", Assert.Single(shared.Gateway.Charging.Of("last"))["Peak"]);
    }

    [Theory]
    [InlineData("MUTE_AUDIO", "\"target_id\":\"p-alan\"")]
    [InlineData("KICK_PEER", "\"target_id\":\"p-alan\"")]
    [InlineData("SET_PAUSE", "\"reason\":\"\"")]
    [InlineData("LOCK_ROOM", "\"reason\":\"\"")]
    [InlineData("END_ROOM", "\"reason\":\"\"")]
    [InlineData("ADMIT", "\"reason\":\"\"")]
    public async Task Order_OfAModeratorWhoseKickHasNotReachedTheirNode_IsRefused(string command, string members)
    {
        var room = "unreached-" + command.ToLowerInvariant().Replace('_', '-');
        await using var alan = await JoinAsync(room, "Alan");
        await using var grace = await JoinAsync(room, "Grace", Role.Moderator);
        using var redis = await ConnectionMultiplexer.ConnectAsync(shared.Gateway.Redis.ConnectionString);
        await redis.GetDatabase().HashSetAsync(
            $"clearway:room:{{{room}}}:state", "orders", (RoomOrders.None with { Kicked = GraceIsKicked }).ToText());

        await grace.SendAsync($$"""{"type":"control_frame","command":"{{command}}",{{members}}}""");

        Assert.Equal("role_forbidden", (string?)(await grace.ExpectAsync("error"))["code"]);
    }

    [Fact]
    public async Task Kick_ThatRedisLost_IsRestored()
    {
        await using var gateway = await Gateway.StartAsync(
            nodes: 2, settings: [("Signaling:SyncInterval", "00:00:00.200"), ("Signaling:HeartbeatInterval", "00:00:00.200"), ("Signaling:RebuildGrace", "00:00:01")]);
        await using var ada = await gateway.JoinAsync("lost", "Ada", Role.Organizer);
        await using var grace = await ConnectAsync("lost", "Grace", node: 1, gateway: gateway);
        await grace.ExpectAsync("welcome");
        await KickAsync(ada, "p-grace");
        await grace.ExpectCloseAsync();

        await gateway.Redis.FlushAsync();
        using var redis = await ConnectionMultiplexer.ConnectAsync(gateway.Redis.ConnectionString);
        await Eventually.TrueAsync(() => redis.GetDatabase().KeyExists("revoked:p-grace"), "the tokens are revoked again");

        // Until the roster is whole again nobody is let in.
        await Eventually.TrueAsync(() => KnocksAsync(gateway), "the link lets in nobody who does not knock");
    }

    private static async Task<bool> KnocksAsync(Gateway gateway)
    {
        await using var again = await ConnectAsync("lost", "Mallory", node: 1, gateway: gateway);
        var answer = await again.ExpectFirstAsync();
        Assert.True((string?)answer["type"] == "knocking" || (string?)answer["code"] == "unavailable", answer.ToString());
        return (string?)answer["type"] == "knocking";
    }

    private static Task KickAsync(Participant by, string target) =>
        by.SendAsync($$"""{"type":"control_frame","command":"KICK_PEER","target_id":"{{target}}"}""");

    private async Task<Participant> JoinAsync(
        string room, string name, Role role = Role.Participant, int node = 0, string invitation = Link, string? resume = null)
    {
        var participant = await ConnectAsync(room, name, role, node, invitation, resume);
        await participant.ExpectWelcomeAsync();
        return participant;
    }

    private Task<Participant> ConnectAsync(
        string room, string name, Role role = Role.Participant, int node = 0, string invitation = Link, string? resume = null) =>
        ConnectAsync(room, name, node, shared.Gateway, role, invitation, resume);

    private static async Task<Participant> ConnectAsync(
        string room, string name, int node, Gateway gateway, Role role = Role.Participant, string invitation = Link, string? resume = null)
    {
        var participant = await gateway.ConnectAsync(node);
        var token = AuthDouble.Token(room, "p-" + name.ToLowerInvariant(), name, role, invitation: invitation);
        var more = resume is null ? "" : $",\"resume\":\"{resume}\"";
        await participant.SendAsync($$"""{"type":"join","token":"{{token}}"{{more}}}""");
        return participant;
    }
}
