using System.Numerics;

namespace Clearway.Signaling.Policy;

/// <summary>
/// One shard of the time wheel: the next 300 minutes as a list each, and one bit each that says whether the list has anything in it.
/// The minute that runs is split into its 60 seconds, likewise. Setting a bit is an OR, the next due slot is found by counting trailing
/// zeros. What is due later than in 300 minutes (a paused room is due in exactly 300) waits in a slot of its own, the safety slot.
/// Not thread-safe, and without a clock: the caller says what time it is.
/// </summary>
internal sealed class WheelShard
{
    private const int Minutes = 300;
    private const int Words = (Minutes + 63) / 64;
    private const int Seconds = 60;
    private const int FirstSecond = Minutes;
    private const int Safety = Minutes + Seconds;

    private const long SecondMs = 1_000;
    private const long MinuteMs = 60_000;

    // Far entries are looked through at least once between being set and being within reach.
    private const long SafetyPeriodMinutes = Minutes / 2;

    private readonly WheelEntry?[] _heads = new WheelEntry?[Minutes + Seconds + 1];
    private readonly ulong[] _minutes = new ulong[Words];
    private ulong _seconds;

    /// <summary>The minute, counted from the Unix epoch, that is split into seconds; slots hold the 299 after it.</summary>
    private long _minute;

    /// <summary>Entries in the shard.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds the entry, or moves it.</summary>
    /// <param name="entry">In no other shard.</param>
    /// <param name="due">Unix milliseconds; what lies in the past is due at once.</param>
    internal void Set(WheelEntry entry, long due)
    {
        if (entry.List != WheelEntry.Nowhere)
        {
            Unlink(entry);
        }

        entry.Due = due;
        Link(entry, ListOf(due));
    }

    /// <summary>Takes the entry out, if it is in.</summary>
    internal void Cancel(WheelEntry entry)
    {
        if (entry.List != WheelEntry.Nowhere)
        {
            Unlink(entry);
        }
    }

    /// <summary>Takes out everything that is due by now.</summary>
    /// <param name="now">Unix milliseconds; also earlier than the last time, when the clock was set back.</param>
    /// <param name="due">Where it is added, in the order of the seconds in which it was due.</param>
    internal void Advance(long now, List<WheelEntry> due)
    {
        var minute = now / MinuteMs;
        if (minute > _minute)
        {
            Turn(minute, due);
        }
        else if (minute < _minute)
        {
            TurnBack(minute);
        }

        var second = (int)((now - (_minute * MinuteMs)) / SecondMs);
        while (_seconds != 0 && BitOperations.TrailingZeroCount(_seconds) is var next && next <= second)
        {
            if (next == second)
            {
                TakeDue(FirstSecond + next, now, due);
                return;
            }

            TakeAll(FirstSecond + next, due);
        }
    }

    /// <summary>
    /// When to call <see cref="Advance"/> next (Unix milliseconds): not after the first entry is due, and exactly then when that is in
    /// the minute that runs. <see cref="long.MaxValue"/> when the shard is empty.
    /// </summary>
    internal long NextWake()
    {
        if (_seconds != 0)
        {
            var earliest = long.MaxValue;
            for (var entry = _heads[FirstSecond + BitOperations.TrailingZeroCount(_seconds)]; entry is not null; entry = entry.Next)
            {
                earliest = Math.Min(earliest, entry.Due);
            }

            return earliest;
        }

        var minute = NextMinute();
        if (_heads[Safety] is not null)
        {
            minute = Math.Min(minute, ((_minute / SafetyPeriodMinutes) + 1) * SafetyPeriodMinutes);
        }

        return minute == long.MaxValue ? long.MaxValue : minute * MinuteMs;
    }

    private void Turn(long minute, List<WheelEntry> due)
    {
        while (_seconds != 0)
        {
            TakeAll(FirstSecond + BitOperations.TrailingZeroCount(_seconds), due);
        }

        while (NextMinute() is var passed && passed < minute)
        {
            TakeAll((int)(passed % Minutes), due);
        }

        var isSafetyDue = minute / SafetyPeriodMinutes != _minute / SafetyPeriodMinutes;
        _minute = minute;
        Refile((int)(minute % Minutes));
        if (isSafetyDue)
        {
            Refile(Safety);
        }
    }

    // Rare, and then everything is somewhere else than it was counted to be.
    private void TurnBack(long minute)
    {
        WheelEntry? all = null;
        for (var list = 0; list < _heads.Length; list++)
        {
            while (_heads[list] is { } entry)
            {
                Unlink(entry);
                entry.Next = all;
                all = entry;
            }
        }

        _minute = minute;
        while (all is { } entry)
        {
            all = entry.Next;
            Link(entry, ListOf(entry.Due));
        }
    }

    private int ListOf(long due)
    {
        var minute = due / MinuteMs;
        return (minute - _minute) switch
        {
            < 0 => FirstSecond,
            0 => FirstSecond + (int)((due - (minute * MinuteMs)) / SecondMs),
            < Minutes => (int)(minute % Minutes),
            _ => Safety,
        };
    }

    // The first minute after the running one whose slot has anything in it; the slots are a ring.
    private long NextMinute()
    {
        var from = (int)((_minute + 1) % Minutes);
        var word = from / 64;
        var bits = _minutes[word] & (ulong.MaxValue << (from % 64));
        for (var i = 0; i <= Words; i++)
        {
            if (bits != 0)
            {
                var ahead = (word * 64) + BitOperations.TrailingZeroCount(bits) - from;
                return _minute + 1 + (ahead < 0 ? ahead + Minutes : ahead);
            }

            word = word + 1 == Words ? 0 : word + 1;
            bits = _minutes[word];
        }

        return long.MaxValue;
    }

    private void Refile(int list)
    {
        var entry = _heads[list];
        while (entry is not null)
        {
            var next = entry.Next;
            if (ListOf(entry.Due) is var elsewhere && elsewhere != list)
            {
                Unlink(entry);
                Link(entry, elsewhere);
            }

            entry = next;
        }
    }

    private void TakeAll(int list, List<WheelEntry> due)
    {
        while (_heads[list] is { } entry)
        {
            Unlink(entry);
            due.Add(entry);
        }
    }

    private void TakeDue(int list, long now, List<WheelEntry> due)
    {
        var entry = _heads[list];
        while (entry is not null)
        {
            var next = entry.Next;
            if (entry.Due <= now)
            {
                Unlink(entry);
                due.Add(entry);
            }

            entry = next;
        }
    }

    private void Link(WheelEntry entry, int list)
    {
        var first = _heads[list];
        entry.List = list;
        entry.Previous = null;
        entry.Next = first;
        _heads[list] = entry;
        Count++;
        if (first is not null)
        {
            first.Previous = entry;
        }
        else if (list < Minutes)
        {
            _minutes[list / 64] |= 1UL << (list % 64);
        }
        else if (list < Safety)
        {
            _seconds |= 1UL << (list - FirstSecond);
        }
    }

    private void Unlink(WheelEntry entry)
    {
        var list = entry.List;
        if (entry.Previous is { } previous)
        {
            previous.Next = entry.Next;
        }
        else
        {
            _heads[list] = entry.Next;
        }

        if (entry.Next is { } next)
        {
            next.Previous = entry.Previous;
        }

        entry.List = WheelEntry.Nowhere;
        entry.Next = null;
        entry.Previous = null;
        Count--;
        if (_heads[list] is not null)
        {
            return;
        }

        if (list < Minutes)
        {
            _minutes[list / 64] &= ~(1UL << (list % 64));
        }
        else if (list < Safety)
        {
            _seconds &= ~(1UL << (list - FirstSecond));
        }
    }
}
