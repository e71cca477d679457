namespace Clearway.Signaling.Protocol;

/// <summary>
/// An offer, answer or candidate in the form in which clients write it: exactly <c>type</c>, <c>target_id</c> and <c>payload</c>, no escapes
/// in the first two. It is read without an allocation; whatever else a frame is, <see cref="ClientFrameReader"/> decides about it.
/// </summary>
internal readonly ref struct RelayEnvelope
{
    private RelayEnvelope(RelayKind kind, ReadOnlySpan<byte> target, ReadOnlySpan<byte> payload)
    {
        Kind = kind;
        Target = target;
        Payload = payload;
    }

    internal RelayKind Kind { get; }

    /// <summary>UTF-8, 1 to 64 bytes.</summary>
    internal ReadOnlySpan<byte> Target { get; }

    /// <summary>One valid JSON value, as the sender wrote it.</summary>
    internal ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads such a frame; true only when all of it is one valid JSON object (RFC 8259).</summary>
    /// <param name="frame">Valid UTF-8.</param>
    /// <param name="envelope">Slices of the frame, when true is returned.</param>
    internal static bool TryRead(ReadOnlySpan<byte> frame, out RelayEnvelope envelope)
    {
        envelope = default;
        RelayKind? kind = null;
        ReadOnlySpan<byte> target = default, payload = default;
        var at = JsonText.SkipSpace(frame, 0);
        if (at >= frame.Length || frame[at] != '{')
        {
            return false;
        }

        for (var members = 0; members < 3; members++)
        {
            at = JsonText.SkipSpace(frame, at + 1);
            var name = Text(frame, ref at);
            at = JsonText.SkipSpace(frame, at);
            if (at >= frame.Length || frame[at] != ':')
            {
                return false;
            }

            at = JsonText.SkipSpace(frame, at + 1);
            if (kind is null && name.SequenceEqual("type"u8))
            {
                kind = KindOf(Text(frame, ref at));
                if (kind is null)
                {
                    return false;
                }
            }
            else if (target.IsEmpty && name.SequenceEqual("target_id"u8))
            {
                target = Text(frame, ref at);
                if (target.Length is 0 or > ClientFrameReader.MaxIdCharacters)
                {
                    return false;
                }
            }
            else if (payload.IsEmpty && name.SequenceEqual("payload"u8))
            {
                var end = JsonText.SkipValue(frame, at);
                if (end < 0)
                {
                    return false;
                }

                payload = frame[at..end];
                at = end;
            }
            else
            {
                return false;
            }

            at = JsonText.SkipSpace(frame, at);
            if (at >= frame.Length || frame[at] != (members < 2 ? ',' : '}'))
            {
                return false;
            }
        }

        if (JsonText.SkipSpace(frame, at + 1) != frame.Length)
        {
            return false;
        }

        envelope = new RelayEnvelope(kind!.Value, target, payload);
        return true;
    }

    // A string without escapes; empty when there is none, which no member here may be.
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> frame, scoped ref int at)
    {
        var end = at < frame.Length && frame[at] == '"' ? JsonText.SkipString(frame, at) : -1;
        if (end < 0)
        {
            return default;
        }

        var text = frame[(at + 1)..(end - 1)];
        at = end;
        return text.Contains((byte)'\\') ? default : text;
    }

    private static RelayKind? KindOf(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("offer"u8) ? RelayKind.Offer
        : type.SequenceEqual("answer"u8) ? RelayKind.Answer
        : type.SequenceEqual("candidate"u8) ? RelayKind.Candidate
        : null;
}
