using System.Diagnostics;
using System.Text;
using Clearway.LoadTest.Relay;
using Clearway.LoadTest.Wire;

namespace Clearway.LoadTest.Campaigns;

/// <summary>Pairs that talk while something else happens, and must not notice it.</summary>
/// <param name="roomOf">The room of a client, by its number.</param>
/// <param name="loseOneIn">Of how many texts one is lost by the receiver, as a planted fault.</param>
internal sealed class Bystanding(Func<int, int> roomOf, int loseOneIn = 0) : ITextSink
{
    private static readonly string[] _known = ["chat_history", "peer-joined", "room_policy"];

    internal SequenceAudit Audit { get; } = new(roomOf, loseOneIn);

    /// <summary>The longest that an offer took.</summary>
    internal TimeSpan Slowest { get; set; }

    /// <summary>What came that nobody in the room can have sent.</summary>
    internal List<string> Foreign { get; } = [];

    public void Take(RelayClient receiver, ReadOnlySpan<byte> text)
    {
        if (Audit.Take(receiver, text) is { } mark)
        {
            var took = Stopwatch.GetElapsedTime(mark.Due);
            Slowest = took > Slowest ? took : Slowest;
        }
        else if (text.IndexOf((byte)'#') < 0)
        {
            var frame = Encoding.UTF8.GetString(text);
            if (!_known.Any(type => frame.StartsWith($"{{\"type\":\"{type}\"", StringComparison.Ordinal)))
            {
                Foreign.Add(frame);
            }
        }
    }

    /// <summary>One of the pairs says something to the other one.</summary>
    internal void Say(Swarm swarm, ClearwayClient[] pairs)
    {
        var from = pairs[swarm.Random.Next(pairs.Length)];
        var to = pairs.First(client => client.Number == (from.Number ^ 1));
        from.SendText(from.OfferTo(to, Audit.Mark(from.Number, to.Number, Stopwatch.GetTimestamp())));
    }
}
