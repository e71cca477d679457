using Clearway.Chat.V1;
using Xunit;

namespace Clearway.Chat.Tests.History;

[Collection(SharedChat.Name)]
public class AppendTests(ChatFixture fixture)
{
    private readonly ChatHost _chat = fixture.Host;
    private readonly string _room = Lines.NewRoom();

    [Fact]
    public async Task Append_NewRoom_NumbersFromOneInTheOrderGiven()
    {
        Assert.Equal([1, 2, 3], await _chat.AppendAsync(Lines.Line(_room, "a"), Lines.Line(_room, "b"), Lines.Line(_room, "c")));
        Assert.Equal([4], await _chat.AppendAsync(Lines.Line(_room, "d")));
        Assert.Equal(["a", "b", "c", "d"], (await _chat.WholeAsync(_room)).Select(message => message.Text));
    }

    [Fact]
    public async Task Append_RepeatedIds_AnswersTheSequencesTheyHaveAndKeepsTheFirstText()
    {
        var first = Lines.Line(_room, "first");
        Assert.Equal([1], await _chat.AppendAsync(first));

        var again = Lines.Line(_room, "changed", id: first.Id);
        var second = Lines.Line(_room, "second");
        Assert.Equal([2, 1, 2, 3], await _chat.AppendAsync(second, again, second, Lines.Line(_room, "third")));
        Assert.Equal([(1, "first"), (2, "second"), (3, "third")], (await _chat.WholeAsync(_room)).Select(m => (m.Sequence, m.Text)));
    }

    [Fact]
    public async Task Append_SeveralRoomsInOneBatch_NumbersEachByItself()
    {
        var other = Lines.NewRoom();
        Assert.Equal([1, 1, 2, 2], await _chat.AppendAsync(Lines.Line(_room), Lines.Line(other), Lines.Line(other), Lines.Line(_room)));
    }

    [Fact]
    public async Task Append_TheSameIdInAnotherTenantsRoom_IsAnotherMessage()
    {
        var ours = Lines.Line(_room, "ours");
        var theirs = Lines.Line(_room, "theirs", tenant: "umbrella", id: ours.Id);
        await _chat.AppendAsync(Lines.Line(_room), ours);
        Assert.Equal([1], await _chat.AppendAsync(theirs));
        Assert.Equal("theirs", Assert.Single((await _chat.PageAsync(_room, tenant: "umbrella")).Messages).Text);
    }

    [Fact]
    public async Task Append_EveryField_ComesBackToTheLetter()
    {
        var line = Lines.Line(_room, "<b>&\"'\\\u202E 👨‍👩‍👧‍👦 e\u0301\r\n\t%s $1 привет", id: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
        var system = new ChatMessage
        {
            Id = Guid.NewGuid().ToString(),
            Tenant = "acme",
            Room = _room,
            SystemData = "{\"b\":1, \"a\":\"\\u0041\"}",
            Security = new string('a', 64),
            SentAt = 0,
        };
        await _chat.AppendAsync(line, system);

        line.Sequence = 1;
        system.Sequence = 2;
        Assert.Equal([line, system], await _chat.WholeAsync(_room));
    }

    [Fact]
    public async Task Append_ManyConnectionsAtOnce_OrdersEachRoomWithoutGapsOrDuplicates()
    {
        const int writers = 8;
        const int batches = 25;
        string[] rooms = [_room, Lines.NewRoom(), Lines.NewRoom()];

        // Each message is sent by two writers: half of the appends are repetitions that race with the originals.
        var answers = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer / 2);
            var known = new List<(string Room, string Id, long Sequence)>();
            for (var batch = 0; batch < batches; batch++)
            {
                var messages = Enumerable.Range(0, random.Next(1, 6)).Select(number =>
                {
                    var id = new byte[16];
                    random.NextBytes(id);
                    return Lines.Line(rooms[random.Next(rooms.Length)], $"{writer / 2}.{batch}.{number}", id: new Guid(id).ToString());
                }).ToList();
                var sequences = await _chat.AppendAsync(messages);
                known.AddRange(messages.Zip(sequences, (message, sequence) => (message.Room, message.Id, sequence)));
            }

            return known;
        })));

        foreach (var room in rooms)
        {
            var stored = await _chat.WholeAsync(room);
            Assert.Equal(Enumerable.Range(1, stored.Count).Select(number => (long)number), stored.Select(message => message.Sequence));
            var acknowledged = answers.SelectMany(answer => answer).Where(answer => answer.Room == room).ToList();
            Assert.Equal(
                stored.Select(message => (message.Id, message.Sequence)).Order(),
                acknowledged.Select(answer => (answer.Id, answer.Sequence)).Distinct().Order());
            Assert.Equal(stored.Count * 2, acknowledged.Count);
        }
    }

    [Fact]
    public async Task Append_RoomsInOppositeOrders_DoesNotDeadlock()
    {
        var rooms = Enumerable.Range(0, 20).Select(_ => Lines.NewRoom()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(round => Task.Run(() =>
        {
            var order = round % 2 == 0 ? rooms : rooms.Reverse();
            return _chat.AppendAsync(order.Select(room => Lines.Line(room)));
        })));

        foreach (var room in rooms)
        {
            Assert.Equal(40, (await _chat.WholeAsync(room)).Count);
        }

        Assert.DoesNotContain(_chat.Logged, line => line.Contains("deadlock", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Append_LargestBatch_IsStored()
    {
        var sequences = await _chat.AppendAsync(Enumerable.Range(0, 256).Select(_ => Lines.Line(_room)));
        Assert.Equal(Enumerable.Range(1, 256).Select(number => (long)number), sequences);
    }

    [Fact]
    public async Task Append_LargestBatchOfLargestTexts_IsStoredAndReadInPagesThatFit()
    {
        var largest = "e" + new string('\u0301', 32_767);
        await _chat.AppendAsync(Enumerable.Range(0, 256).Select(_ => Lines.Line(_room, largest)));

        Assert.InRange((await _chat.PageAsync(_room, limit: 200)).Messages.Count, 1, 64);
        var stored = await _chat.WholeAsync(_room);
        Assert.Equal(256, stored.Count);
        Assert.All(stored, message => Assert.Equal(largest, message.Text));
    }
}
