using Clearway.Auth.V1;
using Clearway.Signaling.Policy;
using Clearway.Signaling.Tests.Driver;
using Microsoft.Extensions.DependencyInjection;

namespace Clearway.Signaling.Tests;

/// <summary>Tokens of many who join at once.</summary>
public class TokenCheckTests
{
    [Fact]
    public async Task Verify_WhileACallIsUnderWay_GoesWithTheOthersInTheNextOnes()
    {
        await using var gateway = await Gateway.StartAsync();
        var check = gateway.Nodes[0].Services.GetRequiredService<TokenCheck>();
        var hold = new TaskCompletionSource();
        gateway.Auth.Held = hold.Task;

        var asked = Enumerable.Range(0, 100).Select(number => check.VerifyAsync(Token(number), default)).ToList();
        hold.SetResult();
        var answers = await Task.WhenAll(asked);

        Assert.Equal([1, 64, 35], gateway.Auth.Batches);
        Assert.Equal(Enumerable.Range(0, 100).Select(number => $"p-{number}"), answers.Select(answer => answer.Claims?.Subject));
        Assert.All(answers, answer => Assert.Equal($"1:{answer.Claims!.Subject}", answer.IceServers.Single().Username));
    }

    [Fact]
    public async Task Verify_OfGoodAndBadTokensTogether_AnswersEachItsOwn()
    {
        await using var gateway = await Gateway.StartAsync();
        var check = gateway.Nodes[0].Services.GetRequiredService<TokenCheck>();
        var hold = new TaskCompletionSource();
        gateway.Auth.Held = hold.Task;
        string[] tokens = [Token(0), "token_expired", Token(1), "unavailable", "token_revoked"];

        var asked = tokens.Select(token => check.VerifyAsync(token, default)).ToList();
        hold.SetResult();
        var answers = await Task.WhenAll(asked);

        Assert.Equal([1, 4], gateway.Auth.Batches);
        Assert.Equal(
            [("p-0", null), (null, "token_expired"), ("p-1", null), (null, "unavailable"), (null, "token_revoked")],
            answers.Select(answer => (answer.Claims?.Subject, answer.Refused?.Code)));
    }

    [Fact]
    public async Task Verify_WhenACallFails_RefusesThoseInItAndAsksForTheNext()
    {
        await using var gateway = await Gateway.StartAsync();
        var check = gateway.Nodes[0].Services.GetRequiredService<TokenCheck>();
        gateway.Auth.IsDown = true;

        var down = await Task.WhenAll(Enumerable.Range(0, 2).Select(number => check.VerifyAsync(Token(number), default)));
        gateway.Auth.IsDown = false;
        var up = await check.VerifyAsync(Token(2), default);

        Assert.All(down, answer => Assert.Equal((null, "unavailable"), (answer.Claims, answer.Refused?.Code)));
        Assert.Equal("p-2", up.Claims?.Subject);
    }

    [Fact]
    public async Task Verify_OfSomebodyWhoIsGone_DoesNotKeepTheOthersWaiting()
    {
        await using var gateway = await Gateway.StartAsync();
        var check = gateway.Nodes[0].Services.GetRequiredService<TokenCheck>();
        var hold = new TaskCompletionSource();
        gateway.Auth.Held = hold.Task;
        using var gone = new CancellationTokenSource();

        var left = check.VerifyAsync(Token(0), gone.Token);
        var stays = check.VerifyAsync(Token(1), default);
        await gone.CancelAsync();
        Assert.Equal("unavailable", (await left).Refused?.Code);
        hold.SetResult();

        Assert.Equal("p-1", (await stays).Claims?.Subject);
    }

    [Fact]
    public async Task Verify_OfSomebodyWhoWentBeforeTheirTurn_IsNotAskedOfAuth()
    {
        await using var gateway = await Gateway.StartAsync();
        var check = gateway.Nodes[0].Services.GetRequiredService<TokenCheck>();
        var hold = new TaskCompletionSource();
        gateway.Auth.Held = hold.Task;
        using var gone = new CancellationTokenSource();

        var first = check.VerifyAsync(Token(0), default);
        var left = Enumerable.Range(1, 100).Select(number => check.VerifyAsync(Token(number), gone.Token)).ToList();
        var stays = check.VerifyAsync(Token(101), default);
        await gone.CancelAsync();
        hold.SetResult();

        Assert.Equal(("p-0", "p-101"), ((await first).Claims?.Subject, (await stays).Claims?.Subject));
        Assert.All(await Task.WhenAll(left), answer => Assert.Equal("unavailable", answer.Refused?.Code));
        Assert.Equal([1, 1], gateway.Auth.Batches);
    }

    private static string Token(int number) => AuthDouble.Token("storm", $"p-{number}", "Grace", Role.Participant);
}
