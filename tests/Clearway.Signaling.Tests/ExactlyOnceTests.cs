using Clearway.Signaling.Tests.Driver;
using FsCheck;
using FsCheck.Fluent;

namespace Clearway.Signaling.Tests;

/// <summary>Connections that are lost with frames in buffers: nothing that counts is lost or comes twice, in either direction.</summary>
public class ExactlyOnceTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task Frames_InKernelBuffersWhenTheConnectionIsReset_ComeOnce(int before, int after)
    {
        var room = $"once{before}{after}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        var grace = await RawSocket.JoinAsync(shared.Gateway.Nodes[before].Address, room, "Grace");
        await ada.ExpectAsync("peer-joined");

        // Three are read; the others were sent as well, and nobody will ever read them.
        for (var i = 0; i < 60; i++)
        {
            await ada.SendAsync(Offer("p-grace", i));
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(i, NumberOf(await grace.ExpectAsync("offer")));
        }

        grace.Reset();
        await ada.ExpectAsync("peer-away");
        for (var i = 60; i < 80; i++)
        {
            await ada.SendAsync(Offer("p-grace", i));
        }

        using var back = await RawSocket.JoinAsync(shared.Gateway.Nodes[after].Address, room, "Grace", grace.Resume, received: 3);

        Assert.Equal((true, true), ((bool)back.Welcome["resumed"]!, (bool)back.Welcome["complete"]!));
        for (var i = 3; i < 80; i++)
        {
            Assert.Equal(i, NumberOf(await back.ExpectAsync("offer")));
        }

        await ada.SendAsync(Offer("p-grace", 80));
        Assert.Equal(80, NumberOf(await back.ExpectAsync("offer")));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task GhostConnection_ThatIsReplaced_TakesNothingMore_AndTellsWhatItTook(int before, int after)
    {
        var room = $"ghost{before}{after}";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        using var ghost = await RawSocket.JoinAsync(shared.Gateway.Nodes[before].Address, room, "Grace");
        for (var i = 0; i < 5; i++)
        {
            await ghost.SendAsync(Offer("p-ada", i));
        }

        await ada.ExpectAsync("offer", frame => (int)frame["payload"]!["n"]! == 4);

        // The older connection still stands when the newer one comes.
        using var back = await RawSocket.JoinAsync(shared.Gateway.Nodes[after].Address, room, "Grace", ghost.Resume, received: 0);
        Assert.Equal((5, true), ((int)back.Welcome["received"]!, (bool)back.Welcome["complete"]!));
        Assert.Equal(4103, (await ghost.ExpectAsync(RawSocket.Close)).Status);
        try
        {
            await ghost.SendAsync(Offer("p-ada", 99));
        }
        catch (IOException)
        {
            // It may be gone by now.
        }

        await back.SendAsync(Offer("p-ada", 5));

        Assert.Equal(5, (int)(await ada.ExpectAsync("offer"))["payload"]!["n"]!);
    }

    [Fact]
    public async Task Pong_AcknowledgesWhatWasSentBeforeItsPing()
    {
        var room = "acknowledged";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        using var grace = await RawSocket.JoinAsync(shared.Gateway.Address, room, "Grace");
        await ada.ExpectAsync("peer-joined");

        // Ten times what is kept: with acknowledgements nothing is dropped.
        for (var i = 0; i < 40; i++)
        {
            await ada.SendAsync(Offer("p-grace", i, padding: 50_000));
            Assert.Equal(i, NumberOf(await grace.ExpectAsync("offer")));
        }

        grace.Reset();
        await ada.ExpectAsync("peer-away");
        using var back = await RawSocket.JoinAsync(shared.Gateway.Address, room, "Grace", grace.Resume, received: 40);
        Assert.True((bool)back.Welcome["complete"]!);
    }

    [Fact]
    public async Task Client_ThatNeverAnswersPings_IsToldWhenSomethingIsMissing()
    {
        var room = "unacknowledged";
        await using var ada = await shared.Gateway.JoinAsync(room, "Ada");
        using var grace = await RawSocket.JoinAsync(shared.Gateway.Address, room, "Grace");
        grace.AnswersPings = false;
        await ada.ExpectAsync("peer-joined");
        for (var i = 0; i < 8; i++)
        {
            await ada.SendAsync(Offer("p-grace", i, padding: 50_000));
            await grace.ExpectAsync("offer");
        }

        grace.Reset();
        await ada.ExpectAsync("peer-away");
        using var back = await RawSocket.JoinAsync(shared.Gateway.Address, room, "Grace", grace.Resume, received: 1);

        Assert.Equal((true, false, 0), ((bool)back.Welcome["resumed"]!, (bool)back.Welcome["complete"]!, (int)back.Welcome["received"]!));
        await back.ExpectAsync("chat_history");
    }

    [Fact]
    public async Task Reader_ThatReadsNothingAtAll_IsClosedWithinTenSeconds_AndTheOthersGoOn()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Signaling:MaxFramesPerSecond", "100000"));
        await using var ada = await gateway.JoinAsync("stuck", "Ada");
        await using var alan = await gateway.JoinAsync("stuck", "Alan");
        using var stuck = await RawSocket.JoinAsync(gateway.Address, "stuck", "Stuck", receiveBuffer: 4 * 1024);
        await ada.ExpectAsync("peer-joined", frame => (string?)frame["participant"]!["id"] == "p-stuck");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var away = ada.ExpectAsync("peer-away");
        for (var i = 0; !away.IsCompleted; i++)
        {
            await ada.SendAsync(Offer("p-stuck", i, padding: 30_000));
            await ada.SendAsync(Offer("p-alan", i));
            Assert.Equal(i, (int)(await alan.ExpectAsync("offer"))["payload"]!["n"]!);
        }

        Assert.Equal("p-stuck", (string?)(await away)["id"]);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Stream_CutAtRandom_ArrivesWholeAndInOrder()
    {
        await using var gateway = await Gateway.StartAsync(nodes: 2, settings: ("Signaling:MaxFramesPerSecond", "100000"));
        var runs = 0;
        var cuts = Gen.Choose(0, 12).Two().ListOf().Where(list => list.Count is > 0 and < 6);
        Prop.ForAll(cuts.ToArbitrary(), list => RunAsync(gateway, $"cut{runs++}", [.. list]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    // Each cut: so many frames are sent each way, so many of them are read, then the connection is lost.
    private static async Task<bool> RunAsync(Gateway gateway, string room, IReadOnlyList<(int Sent, int Read)> cuts)
    {
        await using var ada = await gateway.JoinAsync(room, "Ada");
        await using var alan = await gateway.JoinAsync(room, "Alan");
        var grace = await RawSocket.JoinAsync(gateway.Address, room, "Grace");
        await alan.ExpectAsync("peer-joined");
        var (toGrace, atGrace, fromGrace) = (0, 0, 0);
        for (var turn = 0; turn < cuts.Count; turn++)
        {
            for (var i = 0; i < cuts[turn].Sent; i++)
            {
                await ada.SendAsync(Offer("p-grace", toGrace++));
                await grace.SendAsync(Offer("p-alan", fromGrace++));
            }

            for (var i = 0; i < cuts[turn].Read && atGrace < toGrace; i++)
            {
                Assert.Equal(atGrace++, NumberOf(await grace.ExpectAsync("offer")));
            }

            grace.Reset();
            await ada.ExpectAsync("peer-away");
            grace = await RawSocket.JoinAsync(gateway.Nodes[turn % 2].Address, room, "Grace", grace.Resume, received: atGrace);
            Assert.True((bool)grace.Welcome["complete"]!);

            // What the server has not got is sent again; what it has not.
            for (var i = (int)grace.Welcome["received"]!; i < fromGrace; i++)
            {
                await grace.SendAsync(Offer("p-alan", i));
            }

            for (; atGrace < toGrace; atGrace++)
            {
                Assert.Equal(atGrace, NumberOf(await grace.ExpectAsync("offer")));
            }
        }

        var numbers = new List<int>();
        await grace.SendAsync(Offer("p-alan", fromGrace));
        while (numbers is not [.., var last] || last != fromGrace)
        {
            numbers.Add((int)(await alan.ExpectAsync("offer"))["payload"]!["n"]!);
        }

        grace.Dispose();
        return numbers.SequenceEqual(Enumerable.Range(0, fromGrace + 1));
    }

    private static string Offer(string target, int number, int padding = 0) =>
        $$$"""{"type":"offer","target_id":"{{{target}}}","payload":{"n":{{{number}}},"sdp":"{{{new string('x', padding)}}}"}}""";

    private static int NumberOf(RawFrame frame) => (int)frame.Json["payload"]!["n"]!;
}
