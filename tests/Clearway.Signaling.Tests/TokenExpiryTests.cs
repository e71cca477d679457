using Clearway.Auth.V1;
using Clearway.Signaling.Tests.Driver;

namespace Clearway.Signaling.Tests;

/// <summary>A session lasts no longer than its token and the grace, unless a fresh one is shown.</summary>
public sealed class TokenExpiryTests : IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Grace = new SignalingOptions().TokenGrace;

    // Ahead of the real clock, by which calls to Auth have their deadlines.
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow + TimeSpan.FromHours(1));
    private Gateway? _gateway;

    public async Task InitializeAsync() =>
        _gateway = await Gateway.StartAsync(nodes: 2, time: _time, settings: [("Signaling:NodeTimeout", "00:10:00")]);

    public async Task DisposeAsync() => await _gateway!.DisposeAsync();

    [Fact]
    public async Task Session_WhoseTokenWasNotRenewed_IsClosedAfterTheGrace_AndResumesWithAFreshOne()
    {
        await using var grace = await _gateway!.JoinAsync("lapse", "Grace", node: 1);
        await using var ada = await JoinAsync("lapse", "p-ada");
        await ada.ExpectWelcomeAsync();
        _time.Advance(Life + Grace);
        await ada.SayAsync("still here");
        await grace.ExpectAsync("chat_broadcast");

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(("renewal_missed", 4005), await ada.ExpectCloseAsync());
        await grace.ExpectAsync("peer-away");
        await using var back = await JoinAsync("lapse", "p-ada", ada.Resume);
        await back.ExpectWelcomeAsync();
        Assert.True((bool)back.Welcome["resumed"]!);
        await grace.ExpectAsync("peer-back");
        Assert.DoesNotContain("peer-left", grace.Types);
    }

    [Fact]
    public async Task Session_WhoseTokenWasRenewed_GoesOnUntilTheNewOneHasExpired()
    {
        await using var ada = await JoinAsync("renewed", "p-ada");
        await ada.ExpectWelcomeAsync();
        _time.Advance(Life / 2);
        await ada.SendAsync($$"""{"type":"renew","token":"{{Token("renewed", "p-ada")}}"}""");
        await ada.ExpectAsync("renewed");

        _time.Advance((Life / 2) + Grace + TimeSpan.FromSeconds(2));
        await ada.SayAsync("still here");
        await ada.ExpectAsync("chat_broadcast");
        _time.Advance(Life / 2);

        Assert.Equal(("renewal_missed", 4005), await ada.ExpectCloseAsync());
    }

    [Fact]
    public async Task Newcomer_WhoseTokenExpiresInTheLobby_IsClosed()
    {
        await using var grace = await _gateway!.JoinAsync("lobby", "Grace", Role.Organizer, opening: "8,60,lobby");
        await using var ada = await JoinAsync("lobby", "p-ada");
        await ada.ExpectAsync("knocking");
        await grace.ExpectAsync("knock");

        _time.Advance(Life + Grace + TimeSpan.FromSeconds(2));

        Assert.Equal(("renewal_missed", 4005), await ada.ExpectCloseAsync());
        await grace.ExpectAsync("knock_gone");
    }

    private async Task<Participant> JoinAsync(string room, string id, string? resume = null)
    {
        var participant = await _gateway!.ConnectAsync();
        await participant.SendAsync(resume is null
            ? $$"""{"type":"join","token":"{{Token(room, id)}}"}"""
            : $$"""{"type":"join","token":"{{Token(room, id)}}","resume":"{{resume}}"}""");
        return participant;
    }

    private string Token(string room, string id) =>
        AuthDouble.Token(room, id, id, Role.Participant, expiresAt: (_time.GetUtcNow() + Life).ToUnixTimeSeconds());
}
