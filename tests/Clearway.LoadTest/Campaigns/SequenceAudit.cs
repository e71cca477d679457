using System.Buffers.Text;
using System.Globalization;
using Clearway.LoadTest.Relay;

namespace Clearway.LoadTest.Campaigns;

/// <summary>
/// Numbers what each sender says to each receiver, and finds out what was lost, doubled, reordered or delivered to somebody else's room.
/// A mark in the text carries the numbers: <c>#sender.sequence.due.</c>, each of fixed width.
/// </summary>
/// <param name="roomOf">The room of a client, by its number.</param>
/// <param name="loseOneIn">Of how many texts the receiver loses one unseen; 0 for none.</param>
internal sealed class SequenceAudit(Func<int, int> roomOf, int loseOneIn = 0)
{
    /// <summary>Characters of a mark.</summary>
    internal const int MarkLength = 1 + 8 + 1 + 10 + 1 + 19 + 1;

    private readonly Dictionary<long, Stream> _streams = [];
    private readonly HashSet<(long Stream, long Sequence)> _missing = [];
    private long _seen;

    private sealed class Stream
    {
        internal long Sent { get; set; }

        internal long Expected { get; set; }
    }

    internal long Sent { get; private set; }

    internal long Received { get; private set; }

    internal long Doubled { get; private set; }

    internal long Reordered { get; private set; }

    /// <summary>Came to somebody who was not meant.</summary>
    internal long Stray { get; private set; }

    internal long Lost => Sent - Received + Doubled;

    internal bool IsClean => (Lost, Doubled, Reordered, Stray) == (0, 0, 0, 0);

    /// <summary>The mark of the next text from one client to another.</summary>
    /// <param name="due">Any number of at most 19 digits; it comes back with the text.</param>
    /// <param name="from">The sender's number.</param>
    /// <param name="to">The receiver's.</param>
    internal string Mark(int from, int to, long due)
    {
        Sent++;
        return Mark(from, Of(from, to).Sent++, due);
    }

    /// <summary>The mark of one text from a client to several.</summary>
    internal string Mark(int from, IEnumerable<int> to, long due)
    {
        var sequence = 0L;
        foreach (var receiver in to)
        {
            Sent++;
            sequence = Of(from, receiver).Sent++;
        }

        return Mark(from, sequence, due);
    }

    /// <summary>Reads the mark of a text that came.</summary>
    /// <returns>The sender and what the mark says of when it was due; null for a text without a mark, or one that the planted fault loses.</returns>
    internal (int From, long Due)? Take(RelayClient receiver, ReadOnlySpan<byte> text)
    {
        var start = text.IndexOf((byte)'#');
        if (start < 0 || text.Length - start < MarkLength)
        {
            return null;
        }

        var mark = text[(start + 1)..];
        if (!Utf8Parser.TryParse(mark[..8], out int from, out _)
            || !Utf8Parser.TryParse(mark[9..19], out long sequence, out _)
            || !Utf8Parser.TryParse(mark[20..39], out long due, out _))
        {
            Stray++;
            return null;
        }

        if (loseOneIn > 0 && ++_seen % loseOneIn == 0)
        {
            return null;
        }

        var key = Key(from, receiver.Number);
        if (roomOf(from) != roomOf(receiver.Number) || !_streams.TryGetValue(key, out var stream))
        {
            Stray++;
            return null;
        }

        Received++;
        if (sequence >= stream.Expected)
        {
            for (; stream.Expected < sequence; stream.Expected++)
            {
                _missing.Add((key, stream.Expected));
            }

            stream.Expected++;
        }
        else if (_missing.Remove((key, sequence)))
        {
            Reordered++;
        }
        else
        {
            Doubled++;
        }

        return (from, due);
    }

    /// <summary>The counts, as a campaign prints them.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Sent:N0} sent, {Received:N0} received, {Lost:N0} lost, {Doubled} doubled, {Reordered} reordered, {Stray} in a wrong room");

    private static string Mark(int from, long sequence, long due) =>
        string.Create(CultureInfo.InvariantCulture, $"#{from:D8}.{sequence:D10}.{due:D19}.");

    private Stream Of(int from, int to)
    {
        if (!_streams.TryGetValue(Key(from, to), out var stream))
        {
            _streams[Key(from, to)] = stream = new Stream();
        }

        return stream;
    }

    private static long Key(int from, int to) => ((long)from << 32) | (uint)to;
}
