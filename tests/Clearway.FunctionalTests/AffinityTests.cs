using Clearway.TestApp;
using Clearway.Testing;

namespace Clearway.FunctionalTests;

/// <summary>Two nodes of the gateway behind one proxy.</summary>
[Collection(nameof(AppCollection))]
public sealed class AffinityTests(AppFixture fixture)
{
    [Fact]
    public async Task Participants_OfOneRoom_AreBroughtToOneNode()
    {
        await LineAsync(line => line.Text == "2 of 2 nodes of the gateway are reached one by one");
        for (var i = 0; i < 4; i++)
        {
            using var room = await fixture.OrganizeAsync($"Affinity {i}");
            var guest = await fixture.InviteAsync(room, "Grace");
            await using var ada = await JoinAsync(room.Organizer.Token, room.Organizer.RoomId);
            await using var grace = await JoinAsync(guest.Token, guest.RoomId);
            await ada.ReceiveAsync("peer-joined");

            Assert.Equal(await NodeOfAsync(room.Organizer.ParticipantId), await NodeOfAsync(guest.ParticipantId));
        }
    }

    [Fact]
    public async Task Participants_WithoutAHintOrWithAWrongOne_AreInOneRoomNevertheless()
    {
        using var room = await fixture.OrganizeAsync("No hint");
        await using var ada = await JoinAsync(room.Organizer.Token, roomHint: null);
        foreach (var hint in new[] { null, "aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc" })
        {
            var guest = await fixture.InviteAsync(room, "Grace");
            await using var grace = await JoinAsync(guest.Token, hint);
            Assert.Equal(guest.ParticipantId, (string?)(await ada.ReceiveAsync("peer-joined"))["participant"]!["id"]);
            await ada.SendAsync(new { type = "offer", target_id = guest.ParticipantId, payload = hint });
            await grace.ReceiveAsync("offer");
        }
    }

    private async Task<GatewaySocket> JoinAsync(string token, string? roomHint)
    {
        var gateway = await GatewaySocket.ConnectAsync(fixture.App, roomHint: roomHint);
        await gateway.SendAsync(new { type = "join", token });
        await gateway.ReceiveAsync("welcome");
        return gateway;
    }

    private async Task<string?> NodeOfAsync(string participant) =>
        (await LineAsync(line => line.Text.StartsWith($"{participant} joined room", StringComparison.Ordinal))).Instance;

    private async Task<(string? Instance, string Text)> LineAsync(Func<(string? Instance, string Text), bool> where)
    {
        (string? Instance, string Text)? found = null;
        await Eventually.TrueAsync(
            () => (found = LoggedLines.In(fixture.App.Telemetry.Logs).Where(where).Cast<(string?, string)?>().FirstOrDefault()) is not null,
            "the line is logged");
        return found!.Value;
    }
}
