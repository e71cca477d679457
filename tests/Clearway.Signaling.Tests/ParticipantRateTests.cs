using System.Text.Json.Nodes;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>What one participant may cost the others, Redis and the audit, by a clock that stands still until it is moved.</summary>
public class ParticipantRateTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData("""{"type":"media_state","audio":true,"video":false,"screen":false}""", """{"type":"media_state","audio":false,"video":false,"screen":false}""")]
    [InlineData("""{"type":"raise_hand","raised":true}""", """{"type":"raise_hand","raised":false}""")]
    public async Task Presence_ThatFlickers_IsToldTenTimesASecondAndToItsLastState(string on, string off)
    {
        await using var gateway = await Gateway.StartAsync(time: _time);
        await using var ada = await gateway.JoinAsync("flicker", "Ada");
        await using var grace = await gateway.JoinAsync("flicker", "Grace");
        await using var alan = await gateway.JoinAsync("flicker", "Alan");
        for (var i = 0; i < 25; i++)
        {
            await grace.SendAsync(i % 2 == 0 ? on : off);
        }

        await TellsAsync("p-grace", times: 10);
        for (var i = 0; i < 5; i++)
        {
            // Somebody else's change makes the same way, and overtakes those that wait.
            await ada.SendAsync(i % 2 == 0 ? on : off);
            await TellsAsync("p-ada", times: 1);
        }

        var rest = TellsAsync("p-grace", times: 15);
        await AdvanceUntilAsync(() => rest.IsCompleted);
        var last = await rest;

        Assert.True((bool)last["audio"]! || (long)last["hand"]! > 0);

        async Task<JsonNode> TellsAsync(string who, int times)
        {
            JsonNode participant = null!;
            for (var i = 0; i < times; i++)
            {
                participant = (await alan.ExpectAsync("peer-updated"))["participant"]!;
                Assert.Equal(who, (string?)participant["id"]);
            }

            return participant;
        }
    }

    [Fact]
    public async Task Orders_ThatAreRefused_LeaveTenAuditEventsASecond()
    {
        await using var gateway = await Gateway.StartAsync(time: _time);
        await using var mallory = await gateway.JoinAsync("refused", "Mallory");
        for (var i = 0; i < 25; i++)
        {
            await mallory.SendAsync("""{"type":"control_frame","command":"LOCK_ROOM"}""");
        }

        // The one that waits is in the audit already, and is answered later.
        await Eventually.TrueAsync(() => Answers() == 10 && gateway.Audit.Of("refused").Count == 11, "as many are refused as are at once");
        var begin = _time.GetUtcNow();
        await AdvanceUntilAsync(() =>
        {
            var most = 11 + ((_time.GetUtcNow() - begin).TotalSeconds * 10);
            Assert.InRange(gateway.Audit.Of("refused").Count, 11, most);
            return Answers() == 25;
        });

        Assert.Equal(25, gateway.Audit.Of("refused").Count);

        int Answers() => mallory.Types.Count(type => type == "error");
    }

    [Fact]
    public async Task Limit_OfWhoComesBack_DoesNotBeginAnew()
    {
        await using var gateway = await Gateway.StartAsync(time: _time);
        await using var ada = await gateway.JoinAsync("again", "Ada");
        await ada.SayAsync("first");
        await ada.ExpectAsync("chat_broadcast");
        ada.Cut();

        await using var resumed = await gateway.JoinAsync("again", "Ada", resume: ada.Resume);
        await resumed.SayAsync("second");
        var refusal = await resumed.ExpectAsync("error");
        await using var replaced = await gateway.JoinAsync("again", "Ada");
        await replaced.SayAsync("third");

        Assert.Equal(("chat_rate", 300), ((string?)refusal["code"], (int)refusal["retry_after_ms"]!));
        Assert.Equal("chat_rate", (string?)(await replaced.ExpectAsync("error"))["code"]);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        await replaced.SayAsync("fourth");
        Assert.Equal("fourth", (string?)(await replaced.ExpectAsync("chat_broadcast", line => (string?)line["text"] != "first"))["text"]);
    }

    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return condition();
        },
        "what waited for its turn has come");
}
