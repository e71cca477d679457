using System.Text.Json.Nodes;
using static Microsoft.Playwright.Assertions;

namespace Clearway.EndToEndTests;

/// <summary>Moderators' orders are signed, and every receiver holds to them: against clients that do not obey, and gateways that lie.</summary>
[Collection(nameof(ClearwayCollection))]
public sealed class OrderTests(ClearwayFixture clearway) : IDisposable
{
    private const int Kicked = 4104;

    public void Dispose() => clearway.App.ThrowOnLoggedErrors();

    [Fact]
    public async Task LockedMicrophone_WhichTheGatewayShowsAsOpen_StaysSilent()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        var tap = await GatewayTap.OnAsync(edsger);
        tap.ToBrowser = frame =>
        {
            if ((string?)frame["type"] == "peer-updated")
            {
                frame["participant"]!["audio"] = true;
                frame["participant"]!["audio_locked"] = false;
            }

            return frame;
        };
        await MeetAsync(ada, grace, edsger);
        await edsger.AssertHearsAsync("Grace");

        await ada.OpenPeopleAsync();
        await ada.OrderAsync("Grace", "mute-lock");

        await edsger.AssertDoesNotHearAsync("Grace");
        await grace.AssertMicrophoneLockedAsync();
        await grace.SendSoundAnywayAsync();
        await grace.AssertSendsSoundAsync();
        await edsger.AssertDoesNotHearAsync("Grace");

        await ada.OrderAsync("Grace", "allow");
        await edsger.AssertHearsAsync("Grace");
    }

    [Fact]
    public async Task KickedParticipant_WhomTheGatewayKeeps_IsCutOffByThePeers()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        // Nobody but the orders themselves tells the two of it.
        var graces = await GatewayTap.OnAsync(grace);
        graces.HiddenCloseCode = Kicked;
        graces.ToBrowser = frame => (string?)frame["type"] is "order" or "force_kick" ? null : frame;
        var edsgers = await GatewayTap.OnAsync(edsger);
        edsgers.ToBrowser = frame => (string?)frame["type"] is "peer-left" or "force_kick" ? null : frame;
        await MeetAsync(ada, grace, edsger);
        await grace.StartSharingScreenAsync();
        await edsger.WaitForScreenOfAsync(grace);

        await ada.OpenPeopleAsync();
        await ada.OrderAsync("Grace", "kick");

        await edsger.WaitForPeersAsync(1);
        // Her program goes on, until it asks the gateway anew because nobody is heard any more.
        await Expect(grace.Page.GetByTestId("call")).ToBeVisibleAsync();
        await Expect(edsger.Page.GetByTestId("screen-video")).ToHaveCountAsync(0);
        Assert.Equal(1, await edsger.ConnectedPeersAsync());
        await grace.WaitForConnectedPeersAsync(0);
    }

    [Fact]
    public async Task ForgedOrder_OfTheGateway_IsNotObeyed()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        var tap = await GatewayTap.OnAsync(grace);
        await MeetAsync(ada, grace);
        var (adasId, gracesId) = (await grace.OnlyPeerAsync(), await ada.OnlyPeerAsync());

        tap.Inject(new JsonObject { ["type"] = "force_mute", ["target_id"] = gracesId, ["media"] = "audio", ["locked"] = true, ["by"] = adasId });
        tap.Inject(new JsonObject { ["type"] = "focus_speaker", ["id"] = adasId, ["by"] = adasId });
        tap.Inject(new JsonObject { ["type"] = "force_kick", ["target_id"] = adasId, ["by"] = adasId });
        tap.Inject(Order("MUTE_AUDIO", gracesId, adasId));
        tap.Inject(Order("KICK_PEER", adasId, adasId));

        await grace.AssertOrderRefusedAsync("Ada");
        await grace.AssertMicrophoneOpenAsync();
        await Expect(grace.Page.GetByTestId("leading")).ToHaveCountAsync(0);
        await grace.WaitForPeersAsync(1);
        Assert.Equal(1, await grace.ConnectedPeersAsync());
    }

    [Fact]
    public async Task Order_OfAParticipantWhomTheGatewayHelps_IsNotObeyed()
    {
        await using var ada = await clearway.OpenBrowserAsync("Ada");
        await using var grace = await clearway.OpenBrowserAsync("Grace");
        await using var edsger = await clearway.OpenBrowserAsync("Edsger");
        var graces = await GatewayTap.OnAsync(grace);
        // Edsger's client takes him for a moderator, and the gateway passes on what he signs with his own certificate.
        await edsger.Page.RouteAsync("**/api/v1/invitations/redeem", async route =>
        {
            var answer = await route.FetchAsync();
            var body = (await answer.TextAsync()).Replace("\"role\":\"participant\"", "\"role\":\"moderator\"", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = body });
        });
        var edsgers = await GatewayTap.OnAsync(edsger);
        var edsgersId = "";
        edsgers.ToBrowser = frame =>
        {
            edsgersId = (string?)frame["type"] == "welcome" ? (string)frame["id"]! : edsgersId;
            return frame;
        };
        edsgers.ToGateway = frame =>
        {
            if ((string?)frame["type"] != "control_frame")
            {
                return frame;
            }

            frame["type"] = "order";
            frame["by"] = edsgersId;
            graces.Inject(frame);
            return null;
        };
        await MeetAsync(ada, grace, edsger);

        await edsger.OpenPeopleAsync();
        await edsger.OrderAsync("Grace", "mute-lock");

        await grace.AssertOrderRefusedAsync("Edsger");
        await grace.AssertMicrophoneOpenAsync();
    }

    private static JsonObject Order(string command, string target, string by) => new()
    {
        ["type"] = "order",
        ["command"] = command,
        ["target_id"] = target,
        ["locked"] = true,
        ["by"] = by,
        ["proof"] = "Zm9y.Z2Vk.AAAAAAAAAAAAAAAAAAAAAA==.1790000000000.AAAA",
    };

    private static async Task MeetAsync(ParticipantPage ada, params ParticipantPage[] guests)
    {
        await ada.SignInAsync();
        var invitation = await ada.CreateRoomAsync("Orders");
        await ada.JoinFromLobbyAsync();
        foreach (var guest in guests)
        {
            await guest.JoinAsync(invitation);
        }

        foreach (var one in guests.Append(ada))
        {
            await one.WaitForPeersAsync(guests.Length);
            await one.WaitForConnectedPeersAsync(guests.Length);
        }
    }
}
