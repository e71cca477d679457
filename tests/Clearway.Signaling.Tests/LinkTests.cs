using Clearway.Signaling.Cluster;
using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Tests;

/// <summary>The way from one node to another, over a channel that loses, repeats and stops.</summary>
public class LinkTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Messages_OverAChannelThatLosesAndRepeats_ArriveOnceAndInOrder()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (sender, receiver, arrived) = (new OutgoingLink("a", _time), new IncomingLink(), new List<int>());
            for (var i = 0; i < 300; i++)
            {
                Pass(sender, receiver, arrived, sender.Add(Message(i)).Frame, random);
                if (random.Next(10) == 0)
                {
                    Look(sender, receiver, arrived, random);
                }
            }

            // From some time on nothing is lost any more.
            while (sender.Hold() is not null || arrived.Count < 300)
            {
                Look(sender, receiver, arrived, new Random(seed), loss: 0);
            }

            Assert.True(Enumerable.Range(0, 300).SequenceEqual(arrived), $"seed {seed}: {string.Join(' ', arrived)}");
        }
    }

    [Fact]
    public void Link_WithoutAnAnswer_HoldsBackUntilItIsReleased()
    {
        var link = new OutgoingLink("a", _time);
        var oldest = link.Add(Message(0)).Frame;
        Assert.Null(link.Hold());

        _time.Advance(OutgoingLink.Patience);

        Assert.Equal(oldest, link.Hold());
        Assert.Equal((true, null), link.Add(Message(1)));
        Assert.Equal(2, link.Release().Length);
        Assert.NotNull(link.Add(Message(2)).Frame);
        Assert.Null(link.Hold());
    }

    [Fact]
    public void Link_ThatIsFull_RefusesWhatComes_AndTakesMoreLater()
    {
        var link = new OutgoingLink("a", _time);
        var added = 0;
        while (link.Add(Message(added, bytes: 64 * 1024)).IsKept)
        {
            added++;
        }

        Assert.InRange(added, (OutgoingLink.MaxKeptBytes / (65 * 1024)) - 1, OutgoingLink.MaxKeptBytes / (64 * 1024));
        link.Acknowledge(1, 1);

        Assert.True(link.Add(Message(added)).IsKept);
    }

    [Fact]
    public void Link_ToANodeThatIsGone_BeginsAnew_AndTheReceiverGoesOnWithIt()
    {
        var (sender, receiver, arrived) = (new OutgoingLink("a", _time), new IncomingLink(), new List<int>());
        Pass(sender, receiver, arrived, sender.Add(Message(0)).Frame);
        Pass(sender, receiver, arrived, sender.Add(Message(1)).Frame);
        sender.Add(Message(2));
        _time.Advance(OutgoingLink.Lifetime);

        Assert.Equal(3, sender.Expire());

        Pass(sender, receiver, arrived, sender.Add(Message(3)).Frame);
        Assert.Equal([0, 1, 3], arrived);
    }

    private static void Pass(
        OutgoingLink sender, IncomingLink receiver, List<int> arrived, byte[]? frame, Random? random = null, double loss = 0.1)
    {
        if (frame is null || random?.NextDouble() < loss)
        {
            return;
        }

        for (var copies = random?.NextDouble() < 0.1 ? 2 : 1; copies > 0; copies--)
        {
            var numbered = Assert.IsType<LinkFrame.Numbered>(LinkFrame.Parse(frame));
            if (receiver.TryTake(numbered.Link, numbered.Number))
            {
                arrived.Add(int.Parse(Assert.IsType<ClusterMessage.Removed>(numbered.Message).Reason.Trim(), System.Globalization.CultureInfo.InvariantCulture));
            }

            Tell(sender, receiver, canWait: true, random, loss);
        }
    }

    private static void Tell(OutgoingLink sender, IncomingLink receiver, bool canWait, Random? random, double loss)
    {
        if (receiver.Acknowledge(canWait) is var (link, number) && !(random?.NextDouble() < loss))
        {
            sender.Acknowledge(link, number);
        }
    }

    private void Look(OutgoingLink sender, IncomingLink receiver, List<int> arrived, Random random, double loss = 0.1)
    {
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Tell(sender, receiver, canWait: false, random, loss);
        if (sender.Hold() is not { } oldest)
        {
            return;
        }

        Pass(sender, receiver, arrived, oldest, random, loss);
        foreach (var frame in sender.Release())
        {
            Pass(sender, receiver, arrived, frame, random, loss);
        }
    }

    private static ClusterMessage.Removed Message(int number, int bytes = 0) =>
        new(new RoomId("r"), new ParticipantId("p"), 1, $"{number}".PadRight(bytes));
}
