using System.Text;
using System.Text.Json;
using Clearway.Signaling.Protocol;

namespace Clearway.Signaling.Tests;

/// <summary>The quick reader of relayed frames against the one that reads everything: what it takes, the other takes alike.</summary>
public class RelayEnvelopeTests
{
    private const string Golden =
        """{"type":"offer","target_id":"p-grace","payload":{"type":"offer","sdp":"v=0\r\no=- 4 \"é👋\"","n":[1,-0.5e+3,true,null,{"a":[]}]}}""";

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u00e9", "\\u00g0", "\\x", "\\n", " ", "\n", "0", "01", "-", "1.", "1e", "1e5", "true", "tru", "null",
        "\"type\"", "\"offer\"", "\"target_id\"", "\"payload\"", "\"text\"", "\u0001", "é", "{}", "[]", "\"a\":1",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Frame_MutatedAnywhere_IsReadAlikeByBoth(int seed)
    {
        var random = new Random(seed);
        var taken = 0;
        for (var i = 0; i < 40_000; i++)
        {
            var text = Golden;
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                text = text.Remove(at, Math.Min(random.Next(3), text.Length - at)).Insert(at, random.Next(2) == 0 ? "" : Pieces[random.Next(Pieces.Length)]);
            }

            taken += IsReadAlike(Encoding.UTF8.GetBytes(text)) ? 1 : 0;
        }

        Assert.InRange(taken, 1_000, 39_000);
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Payload_NestedDeep_IsTakenAsDeepAsTheOtherReaderGoes(int depth, bool isTaken)
    {
        var nested = new string('[', depth) + new string(']', depth);
        var bytes = Encoding.UTF8.GetBytes($$"""{"type":"offer","target_id":"p-grace","payload":{{nested}}}""");

        Assert.Equal(isTaken, IsReadAlike(bytes));
        Assert.Equal(isTaken, !ClientFrameReader.Read(bytes).IsBroken);
    }

    [Fact]
    public void Frame_AsClientsWriteIt_IsTaken() => Assert.True(IsReadAlike(Encoding.UTF8.GetBytes(Golden)));

    private static bool IsReadAlike(byte[] bytes)
    {
        if (!RelayEnvelope.TryRead(bytes, out var envelope))
        {
            return false;
        }

        var relay = Assert.IsType<ClientMessage.Relay>(ClientFrameReader.Read(bytes).Message);
        Assert.Equal((relay.Kind, relay.TargetId), (envelope.Kind, Encoding.UTF8.GetString(envelope.Target)));
        Assert.True(relay.Payload.Span.SequenceEqual(envelope.Payload));
        using var _ = JsonDocument.Parse(bytes);
        return true;
    }
}
