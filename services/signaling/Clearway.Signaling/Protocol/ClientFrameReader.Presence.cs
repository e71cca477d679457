using Clearway.Signaling.Rooms;

namespace Clearway.Signaling.Protocol;

/// <summary>How a participant shows in the room.</summary>
internal static partial class ClientFrameReader
{
    private static Refusal? MediaState(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryFlag("audio", out var audio)
            || !members.TryFlag("video", out var video)
            || !members.TryFlag("screen", out var screen))
        {
            return Refusal.BadMessage("audio, video and screen must be true or false");
        }

        message = new ClientMessage.MediaState(audio, video, screen);
        return null;
    }

    private static Refusal? RaiseHand(FrameMembers members, out ClientMessage? message)
    {
        message = members.TryFlag("raised", out var isRaised) ? new ClientMessage.RaiseHand(isRaised) : null;
        return message is null ? Refusal.BadMessage("raised must be true or false") : null;
    }

    private static Refusal? Pointer(FrameMembers members, out ClientMessage? message)
    {
        message = members.TryFraction("x", out var x) && members.TryFraction("y", out var y) ? new ClientMessage.Pointer(x, y) : null;
        return message is null ? Refusal.BadMessage("x and y must be numbers from 0 to 1") : null;
    }

    private static Refusal? Gesture(FrameMembers members, out ClientMessage? message)
    {
        message = members.TryText("emoji", out var emoji) && Emoji.IsOne(emoji) ? new ClientMessage.Gesture(emoji) : null;
        return message is null ? NoEmoji : null;
    }

    private static Refusal? Quality(FrameMembers members, out ClientMessage? message)
    {
        message = null;
        if (!members.TryText("target_id", out var target) || target.Length is 0 or > MaxIdCharacters)
        {
            return Refusal.BadMessage("target_id must be a string of 1 to 64 characters");
        }

        if (!members.TryWithin("rtt_ms", 60_000, out var roundTrip)
            || !members.TryWithin("jitter_ms", 60_000, out var jitter)
            || !members.TryWithin("kbps_in", 1_000_000, out var kbpsIn)
            || !members.TryWithin("kbps_out", 1_000_000, out var kbpsOut)
            || !members.TryFraction("loss", out var loss)
            || !members.TryWithin("mos", 450, out var mos)
            || mos < 100)
        {
            return Refusal.BadMessage("rtt_ms, jitter_ms, loss, kbps_in, kbps_out and mos must be numbers within their bounds");
        }

        if (!members.TryText("candidate", out var candidate)
            || !members.TryText("cause", out var cause)
            || !LinkWords.Candidates.Contains(candidate)
            || !LinkWords.Causes.Contains(cause))
        {
            return Refusal.BadMessage("candidate and cause must be words of the protocol");
        }

        message = new ClientMessage.Quality(target, roundTrip, jitter, loss, kbpsIn, kbpsOut, candidate, mos / 100.0, cause);
        return null;
    }
}
